import { composeOf, type PlatformSpec } from '../../../../constructs';
import { catalogue } from '../../../support/platform/catalogue';
import { Workplace } from '../../../support/platform/platform';
import type { Json } from '../../../support/platform/template';

const workplace = new Workplace();
afterAll(() => workplace.remove());

const withNetworks = (networks?: object): PlatformSpec =>
  ({
    ...catalogue,
    environments: {
      ...catalogue.environments,
      production: { ...catalogue.environments.production, ...(networks ? { networks } : {}) },
    },
  }) as PlatformSpec;
const synth = (networks?: object, environment = 'production'): Json =>
  workplace.synth(withNetworks(networks), environment).json;

const [FRONT, BACK] = ['docker_network.acme', 'docker_network.back_network'];
/** Service → the networks that it is on. */
const attached = ({ resource }: Json): Record<string, string[]> =>
  Object.fromEntries(
    Object.entries<Json>(resource.docker_service).map(([id, { task_spec }]) => [
      id,
      task_spec.networks_advanced.map(({ name }: Json) => name.replace(/^\$\{(.*)\.id\}$/, '$1')),
    ]),
  );

test('nothing changes for who does not ask, or says what is so anyway', () => {
  expect(synth({})).toEqual(synth());
  expect(synth({ separate: false, encrypted: false })).toEqual(synth());
  expect(new Set(Object.values(attached(synth())).flat())).toEqual(new Set([FRONT]));
});

test('separate: nginx and the edge are on the front alone, backends on the back alone, applications on both', () => {
  const json = synth({ separate: true });
  expect(attached(json)).toEqual({
    edge: [FRONT],
    nginx: [FRONT],
    users: [FRONT, BACK],
    mailer: [FRONT, BACK],
    mariadb: [BACK],
    kafka: [BACK],
  });
  const { acme, back_network: back } = json.resource.docker_network;
  expect(back).toMatchObject({ name: 'acme_back_network', driver: 'overlay', internal: true });
  // What people come in by is as it was: an older platform keeps its nginx and its edge.
  expect(acme).toEqual(synth().resource.docker_network.acme);
});

test('each is known by its name on both, and the gate looks for both', () => {
  const { resource } = synth({ separate: true });
  for (const { aliases } of resource.docker_service.users.task_spec.networks_advanced) {
    expect(aliases).toEqual(['users']);
  }
  const [{ 'local-exec': gate }] = resource.null_resource.users_rollout.provisioner;
  expect(gate.environment.ROLLOUT).toContain(
    `"Networks" = [{"Target" = "\${${FRONT}.id}", "Aliases" = ["users"]}, {"Target" = "\${${BACK}.id}", "Aliases" = ["users"]}]`,
  );
});

test('encrypted: under another name, so that a plan cannot take the older network for it', () => {
  const { docker_network: networks } = synth({ separate: true, encrypted: true }).resource;
  expect(networks.acme).toMatchObject({ name: 'acme_acme_encrypted', options: { encrypted: '' } });
  expect(networks.back_network).toMatchObject({
    name: 'acme_back_network_encrypted',
    options: { encrypted: '' },
  });
});

test('the other environments stay as they are', () => {
  expect(attached(synth({ separate: true }, 'staging'))).toEqual(attached(synth(undefined, 'staging')));
});

test('the compose form has the same', () => {
  const compose = (networks?: object) => composeOf(workplace.build(withNetworks(networks)).platform).compose;
  expect(compose({})).toBe(compose());
  const text = compose({ separate: true, encrypted: true });
  expect(text).toContain('name: acme_back_network_encrypted');
  expect(text).toContain('encrypted: ""');
  expect(text).toContain('internal: true');
});

test('a variable cannot have the name of the second network, where there is one', () => {
  const variables = { ...catalogue.variables, back_network: { kind: 'text' as const } };
  const named = (networks?: object) => ({ ...withNetworks(networks), variables }) as PlatformSpec;
  expect(() => workplace.build(named({ separate: true }))).toThrow(/"back_network" is the name of one of/);
  expect(() => workplace.build(named())).not.toThrow();
});
