import type { TlsEndpoint } from '../../contract/tls-endpoint';
import { readAsset } from '../assets/read-asset';
import type { Environment } from '../catalogue/environment';
import { type AcmeSpec, acmeOrder, CERTBOT_SIZE } from '../ingress/tls/acme';
import type { CertbotProps } from '../ingress/tls/certbot';
import { readPem } from '../ingress/tls/certificate';
import { type TlsPair, type TlsPairProps, tlsPair } from '../ingress/tls/tls';
import type { Construct } from '../swarm';

/** The pair that an environment's catalogue asks for, and where a better one will come from. */
export function certificates(
  scope: Construct,
  { tls, serverName, ports }: Environment,
  props: Omit<TlsPairProps, 'serverName'>,
): TlsPair {
  const pair = tlsPair(scope, tls, { ...props, serverName });
  if (tls.mode !== 'letsencrypt') return pair;
  return {
    ...pair,
    acme: { order: acmeOrder(tls, serverName, ports), watchScript: readAsset('tls-watch.sh') },
  };
}

/** What certbot is, with its size where the catalogue leaves that out. */
export const certbotPart = (spec: AcmeSpec) => ({ ...CERTBOT_SIZE, ...spec });

/** What certbot is told. */
export function certbotOrders(
  spec: AcmeSpec,
  { acme }: TlsPair,
  projectFolder: string,
): Pick<CertbotProps, 'spec' | 'order' | 'script' | 'ca'> {
  return {
    spec,
    order: acme!.order,
    script: readAsset('acme.sh'),
    ca: spec.caFile === undefined ? undefined : readPem(projectFolder, spec.caFile),
  };
}

/** Where clients get the certificate, for the gates; by what speaks the PROXY protocol, where the server hears nothing else. */
export const publicEndpoint = (
  { serverName, ports, tls, trustedProxies }: Environment,
  host: string,
): TlsEndpoint => ({
  host: trustedProxies && 'proxyProtocol' in trustedProxies ? serverName : host,
  port: ports.https,
  serverName,
  acme: tls.mode === 'letsencrypt',
});
