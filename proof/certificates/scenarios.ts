import type { LabAcme } from '../../lab/cluster/acme';
import { sleep } from '../../lab/ground/shell';
import { CERTBOT } from '../../lab/images/recipes';
import type { Bench } from '../roll/platform';
import type { Patch, Variant } from '../roll/project';
import type { Scenario } from '../roll/scenarios';
import type { Seen, Watcher } from './watcher';

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
      ...{ image: `certbot/certbot:${CERTBOT.tag}`, email: 'bench@example.com' },
      ...{ directory: acme.directory, caFile: acme.caFile },
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
  file: {
    path: 'constructs/ingress/tls/certbot.ts',
    from: '`EMAIL=${spec.email}`,',
    to: "`EMAIL=${spec.email}`, 'CHECK=5', 'RETRY=5',",
  },
};

export interface CertificateScenario {
  readonly scenario: Scenario;
  /** What is wrong with the certificates that clients were shown. */
  expects(seen: readonly Seen[]): string[];
  /** Done while it runs. */
  meanwhile?(bench: Bench, watcher: Watcher): Promise<void>;
}

const isPebble = ({ issuer }: Seen) => issuer.startsWith('Pebble');

export const scenariosOf = (acme: Issuance): CertificateScenario[] => [
  {
    scenario: {
      name: 'letsencrypt',
      title: "self-signed → Let's Encrypt, from nothing",
      steps: [catalogueOf('letsencrypt', acme)],
      failing: 'none',
      after: 60,
    },
    expects: (seen) => [
      ...(seen[0]?.selfSigned ? [] : ['the fallback was not seen first']),
      ...(seen.some(isPebble) ? [] : ['no certificate of the ACME server was seen']),
    ],
  },
  {
    scenario: {
      name: 'renewals',
      title: 'renewals; certbot killed, nginx rolled between them',
      steps: [{ size: { catalogue: "platform.nginx.maxBodySize = '51m';" } }],
      failing: 'none',
      after: 130,
    },
    expects: (seen) => {
      const [issued, others] = [seen.filter(isPebble).length, seen.filter((one) => !isPebble(one)).length];
      return [
        ...(issued >= 3 ? [] : [`${issued - 1} renewals were seen, not two`]),
        ...(others === 0 ? [] : [`${others} other certificates were seen: the fallback came back`]),
      ];
    },
    // In the middle of what it does, whatever that is: it looks all the time.
    meanwhile: async (bench) => {
      for (let times = 0; times < 3; times++) {
        await sleep(17);
        const label = 'label=com.docker.swarm.service.name=proctorwise_certbot';
        const [id] = (await bench.docker(['ps', '--quiet', '--filter', label])).split('\n');
        if (id) await bench.docker(['kill', '--signal', 'KILL', id]).catch(() => '');
      }
    },
  },
  {
    scenario: {
      name: 'provided',
      title: "Let's Encrypt → provided",
      steps: [catalogueOf('provided', acme)],
      failing: 'none',
      after: 5,
    },
    expects: (seen) => [
      ...(seen.at(-1)?.issuer === 'Bench CA' ? [] : ['the provided certificate was not seen']),
      ...(seen.some(({ selfSigned }) => selfSigned) ? ['the fallback was seen'] : []),
    ],
  },
];
