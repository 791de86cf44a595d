import type { PlatformSpec } from '../../../../constructs';
import { platform } from '../../../../services.config';
import { ODD_SCHEMA, oddCatalogue } from '../../../support/platform/odd-catalogue';
import { ACME, Workplace } from '../../../support/platform/platform';
import type { Json } from '../../../support/platform/template';
import { makePair } from '../../../support/programs/certificates';
import { TRAPS } from '../../../support/traps/traps';

const workplace = new Workplace();
workplace.write(ODD_SCHEMA.path, ODD_SCHEMA.text);
const pair = makePair({ names: `DNS:${platform.serverName}` });
workplace.write('fullchain.pem', pair.certificate);
workplace.write('privkey.pem', pair.privateKey);
const tls = { mode: 'provided', certificateFile: 'fullchain.pem', privateKeyFile: 'privkey.pem' } as const;
afterAll(() => workplace.remove());

const stackOf = (spec: PlatformSpec, environment: string): Json => workplace.synth(spec, environment).json;
const STACKS: Record<string, Json> = {
  ...Object.fromEntries(Object.keys(platform.environments).map((id) => [id, stackOf(platform, id)])),
  'production with a certificate in files': stackOf({ ...platform, tls } as PlatformSpec, 'production'),
  "production with Let's Encrypt": stackOf({ ...platform, tls: ACME } as PlatformSpec, 'production'),
  'an odd platform': stackOf(oddCatalogue, 'production'),
};

test('all environments are looked at', () => {
  expect(Object.keys(STACKS)).toEqual(expect.arrayContaining(['production', 'staging', 'lab']));
});

describe.each(Object.keys(STACKS))('in %s', (name) => {
  test.each(TRAPS)('$claim', ({ check }) => {
    expect(check(STACKS[name])).toEqual([]);
  });
});

/** One stack that has something of everything: a check that finds the fault there finds it in every stack. */
describe('the check would fail, were it broken:', () => {
  test.each(TRAPS)('$claim', (trap) => {
    const broken = structuredClone(STACKS["production with Let's Encrypt"]);
    trap.break(broken);
    expect(trap.check(broken)).not.toEqual([]);
  });
});

test('the addresses of production are a contract with its state: these ten services', () => {
  const services = ['mariadb', 'kafka', 'nginx', 'edge', ...Object.keys(platform.services)];
  expect(services).toHaveLength(10);
  expect(Object.keys(STACKS.production.resource.docker_service).sort()).toEqual(services.sort());
  expect(services.sort()).toEqual([
    'analyticsservice',
    'correctionservice',
    'edge',
    'kafka',
    'mariadb',
    'monitoringservice',
    'nginx',
    'notificationservice',
    'reservationservice',
    'userservice',
  ]);
});

test('the odd platform is odd: virtual IPs, shared volumes, optional secrets, no edge, a pair in variables', () => {
  const { resource, variable } = STACKS['an odd platform'];
  const front = resource.docker_service['shop-front'];
  expect(front.endpoint_spec.mode).toBe('vip');
  expect(front.task_spec.container_spec.mounts).toHaveLength(4);
  expect(front.task_spec.container_spec.dynamic.secrets).toHaveLength(1);
  expect(resource.docker_service.edge).toBeUndefined();
  expect(resource.null_resource.tls_check).toBeDefined();
  expect(variable.tls_private_key.sensitive).toBe(true);
});
