import type { LabAcme } from '../../lab/cluster/acme';
import { CERTBOT } from '../../lab/images/recipes';
import type { Patch, Variant } from '../platform/patch';
import type { Scenario } from '../runner/scenario';
import { certificates, killedCertbot, type Seen } from '../watch/certificates';

export interface Issuance extends LabAcme {
  readonly provided: { readonly certificateFile: string; readonly privateKeyFile: string };
}

/** The lab's name server knows it as the lab. */
export const SERVER_NAME = 'exam.test';

export type Mode = 'self-signed' | 'letsencrypt' | 'provided';

/** The platform with one mode of certificates. */
export function catalogueOf(mode: Mode, acme: Issuance): Variant {
  const spec = {
    'self-signed': {},
    provided: acme.provided,
    letsencrypt: {
      image: `certbot/certbot:${CERTBOT.tag}`,
      email: 'bench@example.com',
      directory: acme.directory,
      caFile: acme.caFile,
    },
  }[mode];
  const tls = JSON.stringify({ mode, ...spec });
  return {
    certificate: {
      catalogue: `Object.assign(platform.environments.lab, { serverName: '${SERVER_NAME}', tls: ${tls} });`,
    },
    impatient: IMPATIENT,
  };
}

/** certbot looks twice a day; certificates of two minutes need it every few seconds. */
const IMPATIENT: Patch = {
  config: { id: 'certbot_script', from: 'check=43200 retry=900 ', to: 'check=5 retry=5 ' },
};

/** Rolls nginx. */
const SIZE: Variant = { size: { catalogue: "platform.nginx.maxBodySize = '51m';" } };

/** For `--only`. */
export const CERTIFICATE_SCENARIOS = ['letsencrypt', 'renewals', 'provided'].map((name) => ({ name }));

const isPebble = ({ issuer }: Seen) => issuer.startsWith('Pebble');

export function certificateScenarios(acme: Issuance): Scenario[] {
  const issued = catalogueOf('letsencrypt', acme);
  return [
    {
      name: 'letsencrypt',
      title: "self-signed → Let's Encrypt, from nothing",
      steps: [{ change: issued }],
      failing: 'none',
      after: 60,
      watches: [
        certificates(SERVER_NAME, (seen) => [
          ...(seen[0]?.selfSigned ? [] : ['the fallback was not seen first']),
          ...(seen.some(isPebble) ? [] : ['no certificate of the ACME server was seen']),
        ]),
      ],
    },
    {
      name: 'renewals',
      title: 'renewals; certbot killed, nginx rolled between them',
      before: { change: issued },
      steps: [{ change: SIZE }],
      failing: 'none',
      after: 130,
      watches: [certificates(SERVER_NAME, expectRenewals), killedCertbot(3, 17)],
    },
    {
      name: 'provided',
      title: "Let's Encrypt → provided",
      before: { change: { ...issued, ...SIZE } },
      steps: [{ change: catalogueOf('provided', acme) }],
      failing: 'none',
      after: 5,
      watches: [
        certificates(SERVER_NAME, (seen) => [
          ...(seen.at(-1)?.issuer === 'Bench CA' ? [] : ['the provided certificate was not seen']),
          ...(seen.some(({ selfSigned }) => selfSigned) ? ['the fallback was seen'] : []),
        ]),
      ],
    },
  ];
}

function expectRenewals(seen: readonly Seen[]): string[] {
  const issued = seen.filter(isPebble).length;
  const others = seen.length - issued;
  return [
    ...(issued >= 3 ? [] : [`${issued - 1} renewals were seen, not two`]),
    ...(others === 0 ? [] : [`${others} other certificates were seen: the fallback came back`]),
  ];
}
