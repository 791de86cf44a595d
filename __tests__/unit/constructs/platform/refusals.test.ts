import { readdirSync } from 'node:fs';
import { Cpu, Memory, type PlatformSpec } from '../../../../constructs';
import { platform } from '../../../../services.config';
import { Workplace } from '../../../support/platform/platform';
import { makeKey, makePair } from '../../../support/programs/certificates';

const workplace = new Workplace();
afterAll(() => workplace.remove());

/** The catalogue as it reaches the constructs when types were no help. */
const spec = platform as PlatformSpec;
type Application = PlatformSpec['services'][string];
const services = (change: Record<string, Application>): PlatformSpec => ({
  ...spec,
  services: { ...spec.services, ...change },
});
const user = (change: Partial<Application>) =>
  services({ userservice: { ...spec.services.userservice!, ...change } });
const size = (cpus: number, mebibytes: number) => ({
  cpus: Cpu.cores(cpus),
  memory: Memory.mebibytes(mebibytes),
});

/** What it is refused with; fails when it is not, or when anything was written for Terraform. */
function refusal(changed: PlatformSpec, ...rest: [environment?: string, shell?: Record<string, string>]) {
  let message = '';
  try {
    workplace.synth(changed, ...rest);
  } catch (error) {
    message = (error as Error).message;
  }
  expect(message).not.toBe('');
  const written = readdirSync(workplace.folder, { recursive: true, encoding: 'utf8' });
  expect(written.filter((file) => file.endsWith('.tf.json'))).toEqual([]);
  return message;
}

test.each([0, 1.5, -1])('%d replicas are refused: a whole number, 1 or more', (replicas) => {
  expect(refusal(user({ replicas }))).toContain(
    `swarm/userservice: replicas ${replicas}\n  expected a whole number, 1 or more`,
  );
});

test('two services on one route are refused with both of them', () => {
  const routes = [...spec.nginx.routes, { path: '/exams' as const, service: 'userservice' }];
  expect(refusal({ ...spec, nginx: { ...spec.nginx, routes } })).toContain(
    '/exams leads to reservationservice and to userservice',
  );
});

test.each(['nginx:1.28', 'nginx:1.29.5', 'nginx:1.27.4-alpine'])('affinity is refused on %s', (image) => {
  expect(refusal({ ...spec, nginx: { ...spec.nginx, image } })).toContain(
    `${image} does not know affinity, which nginx has since 1.29.6`,
  );
});

test.each(['nginx:1.30', 'nginx:1.29', 'nginx:1.29.6', 'nginx:mainline', 'ghcr.io/acme/nginx:1.0.0'])(
  'affinity is accepted on %s',
  (image) => {
    const place = new Workplace();
    const changed = { ...spec, nginx: { ...spec.nginx, image } };
    expect(() => place.synth(changed, 'lab')).not.toThrow();
    place.remove();
  },
);

test.each([
  'user_service',
  'User',
  'nginx',
  'mariadb',
  'certbot',
  'deployed',
  'docker',
  'tls',
  'null',
  'proctorwise',
  'launcher',
])('a service called %s is refused with its name: it would collide', (name) =>
  expect(refusal(services({ [name]: spec.services.userservice! }))).toContain(`"${name}"`),
);

test('a secret with the name of a service is refused with both: they would be one id', () => {
  expect(refusal({ ...spec, secrets: { ...spec.secrets, userservice: {} } })).toContain(
    '"userservice" names two things, the service and the secret',
  );
});

test('a reservation over its limit is refused with both amounts', () => {
  expect(refusal(user({ limits: size(0.5, 256), reservations: size(0.6, 512) }))).toMatch(
    /swarm\/userservice \(limits\): reserves 512 MiB of memory, more than its limit of 256 MiB[\s\S]*reserves .*0\.6/,
  );
});

test('a platform too large for its node is refused with what it needs and what there is', () => {
  const { production } = spec.environments as Record<string, PlatformSpec['environments'][string]>;
  const environments = { ...spec.environments, production: { ...production!, node: size(2, 4096) } };
  const message = refusal({ ...spec, environments });
  expect(message).toMatch(/all replicas reserve .* CPU.*: the node has 2 CPU/);
  expect(message).toMatch(/all replicas reserve .* GiB.*: the node has 4 GiB/);
});

test('a missing VPS_HOST and an environment that is not there are refused with what there could be', () => {
  expect(refusal(spec, 'production', {})).toContain('export VPS_HOST=');
  expect(refusal(spec, 'prod')).toContain('production, staging, lab');
});

describe('a provided certificate', () => {
  const provided = (certificate: string, privateKey: string) => {
    workplace.write('fullchain.pem', certificate);
    workplace.write('privkey.pem', privateKey);
    const tls = {
      mode: 'provided',
      certificateFile: 'fullchain.pem',
      privateKeyFile: 'privkey.pem',
    } as const;
    return { ...spec, tls };
  };

  test('that does not match its key, nor the name, is refused with both, and the key is not quoted', () => {
    const one = makePair({ names: 'DNS:other.example.com' });
    const other = makeKey();
    const message = refusal(provided(one.certificate, other));
    expect(message).toContain('the private key does not belong to the certificate');
    expect(message).toContain(`not for ${spec.serverName}`);
    for (const line of other.split('\n').slice(1, -2)) expect(message).not.toContain(line);
  });

  test('that is not there is refused with the file', () => {
    const tls = { mode: 'provided', certificateFile: 'none.pem', privateKeyFile: 'privkey.pem' } as const;
    expect(refusal({ ...spec, tls })).toContain('none.pem');
  });
});
