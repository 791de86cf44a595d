import { type Construct, type SecretMount, SwarmConfig, type SwarmServiceProps } from '../swarm';
import type { TlsPair } from './tls/tls';
import { LETSENCRYPT, WEBROOT } from './tls/volumes';

/** Where nginx.conf says that the pair is, wherever it comes from. */
export const SERVED = '/etc/nginx/tls';

const SCRIPT = '/tls-watch';

type TlsPart = Required<Pick<SwarmServiceProps, 'secrets'>> &
  Pick<SwarmServiceProps, 'command' | 'args' | 'configs' | 'mounts'>;

/**
 * How nginx comes to its pair. Without ACME Swarm mounts it at its place. With it the pair of the catalogue is the fallback,
 * and `tls-watch.sh` copies what certbot made into memory, at start and whenever it changes, and makes nginx reload.
 */
export function nginxTls(scope: Construct, { certificate, privateKey, acme }: TlsPair): TlsPart {
  const folder = acme ? '' : `${SERVED}/`;
  const secrets: SecretMount[] = [
    { secret: certificate, file: `${folder}fullchain.pem` },
    { secret: privateKey, file: `${folder}privkey.pem`, mode: 0o400 },
  ];
  if (!acme) return { secrets };
  const script = new SwarmConfig(scope, 'tls_watch', { content: acme.watchScript });
  return {
    secrets,
    command: ['/bin/sh', SCRIPT],
    // The image's CMD, repeated: an overridden entrypoint drops it.
    args: [`LIVE=${LETSENCRYPT.target}/live/${acme.order.lineage}`, '--', 'nginx', '-g', 'daemon off;'],
    configs: [{ config: script, target: SCRIPT }],
    mounts: [
      { ...LETSENCRYPT, readOnly: true },
      { ...WEBROOT, readOnly: true },
      { type: 'tmpfs', target: SERVED },
    ],
  };
}
