import { differencesFromState } from '../../../../operations/fresh/as-in-state';
import { type Json, sightOf, stateDocument, swarm } from './sights';

async function differences(change: { state?: (state: Json) => void; server?: (swarm: Json) => void }) {
  const state = stateDocument();
  const server = swarm();
  change.state?.(state);
  change.server?.(server);
  const { facts, held } = await sightOf(state, server);
  return differencesFromState(facts, held);
}

const attributesOf = (state: Json, index: number): Json => state.resources[index].instances[0].attributes;
const container = (server: Json, index: number): Json =>
  server.services[index].Spec.TaskTemplate.ContainerSpec;
const [MARIADB, NGINX, EDGE, MONITORING] = [0, 1, 2, 3];

test('what a real provider wrote into a real state is what the real engine has', async () => {
  expect(await differences({})).toEqual([]);
});

test('the order that the provider or the engine keeps says nothing', async () => {
  expect(
    await differences({
      server: (server) => {
        container(server, NGINX).Secrets.reverse();
        container(server, MARIADB).CapabilityAdd.reverse();
        container(server, MONITORING).Mounts.reverse();
        server.services[EDGE].Spec.EndpointSpec.Ports.reverse();
      },
    }),
  ).toEqual([]);
});

describe('each change by hand between Terraform’s read and ours is seen', () => {
  const spec = (server: Json, index: number): Json => server.services[index].Spec;
  test.each<[string, (server: Json) => void]>([
    ['scaled', (s) => Object.assign(spec(s, MONITORING).Mode.Replicated, { Replicas: 3 })],
    ['scaled to none', (s) => Object.assign(spec(s, MONITORING).Mode.Replicated, { Replicas: 0 })],
    ['on every node', (s) => Object.assign(spec(s, MONITORING), { Mode: { Global: {} } })],
    ['a label', (s) => Object.assign(spec(s, NGINX).Labels, { note: 'by hand' })],
    ['a label of containers', (s) => Object.assign(container(s, NGINX).Labels, { note: 'by hand' })],
    ['image', (s) => Object.assign(container(s, NGINX), { Image: 'nginx:other' })],
    ['args', (s) => container(s, MONITORING).Args.push('--more')],
    ['the order of args', (s) => container(s, MONITORING).Args.reverse()],
    ['command', (s) => Object.assign(container(s, NGINX), { Command: ['sh'] })],
    ['env', (s) => Object.assign(container(s, MARIADB), { Env: ['A=b'] })],
    ['one more env', (s) => container(s, MARIADB).Env.push('A=b')],
    ['user', (s) => Object.assign(container(s, EDGE), { User: '0' })],
    ['a root that can be written', (s) => Object.assign(container(s, EDGE), { ReadOnly: false })],
    ['a capability', (s) => container(s, NGINX).CapabilityAdd.push('SYS_ADMIN')],
    ['no dropped capability', (s) => Object.assign(container(s, NGINX), { CapabilityDrop: [] })],
    ['another secret', (s) => Object.assign(container(s, NGINX).Secrets[0], { SecretID: 'other' })],
    ['the mode of a secret', (s) => Object.assign(container(s, NGINX).Secrets[0].File, { Mode: 511 })],
    ['one secret less', (s) => container(s, NGINX).Secrets.pop()],
    ['another config', (s) => Object.assign(container(s, NGINX).Configs[0], { ConfigID: 'other' })],
    ['a mount', (s) => Object.assign(container(s, MARIADB).Mounts[0], { Source: 'other' })],
    [
      'a label of a mount',
      (s) => Object.assign(container(s, MARIADB).Mounts[0].VolumeOptions, { Labels: {} }),
    ],
    ['a health check', (s) => Object.assign(container(s, NGINX).Healthcheck, { Retries: 9 })],
    ['no health check', (s) => delete container(s, NGINX).Healthcheck],
    ['the grace period', (s) => Object.assign(container(s, NGINX), { StopGracePeriod: 1 })],
    ['the signal', (s) => Object.assign(container(s, NGINX), { StopSignal: 'SIGTERM' })],
    ['hosts', (s) => Object.assign(container(s, NGINX), { Hosts: ['1.2.3.4 a'] })],
    ['privileges', (s) => Object.assign(container(s, NGINX), { Privileges: { NoNewPrivileges: true } })],
    ['an init process', (s) => Object.assign(container(s, NGINX), { Init: true })],
    ['a limit', (s) => Object.assign(spec(s, NGINX).TaskTemplate.Resources.Limits, { Pids: 10 })],
    ['memory', (s) => Object.assign(spec(s, NGINX).TaskTemplate.Resources.Limits, { MemoryBytes: 1 })],
    ['restarts', (s) => Object.assign(spec(s, NGINX).TaskTemplate.RestartPolicy, { Condition: 'none' })],
    ['a constraint', (s) => spec(s, NGINX).TaskTemplate.Placement.Constraints.push('node.id==x')],
    ['a network', (s) => spec(s, NGINX).TaskTemplate.Networks.push({ Target: 'other' })],
    ['an alias', (s) => spec(s, NGINX).TaskTemplate.Networks[0].Aliases.push('other')],
    ['logging', (s) => Object.assign(spec(s, NGINX).TaskTemplate.LogDriver.Options, { 'max-file': '9' })],
    ['forced', (s) => Object.assign(spec(s, NGINX).TaskTemplate, { ForceUpdate: 1 })],
    ['the update’s delay', (s) => Object.assign(spec(s, NGINX).UpdateConfig, { Delay: 1 })],
    ['the rollback’s order', (s) => Object.assign(spec(s, NGINX).RollbackConfig, { Order: 'stop-first' })],
    ['no update configuration', (s) => delete spec(s, NGINX).UpdateConfig],
    ['a port', (s) => Object.assign(spec(s, EDGE).EndpointSpec.Ports[0], { PublishedPort: 81 })],
    ['the endpoint’s mode', (s) => Object.assign(spec(s, EDGE).EndpointSpec, { Mode: 'vip' })],
    ['the network’s options', (s) => Object.assign(s.networks[0], { Options: {} })],
    ['a secret that is gone', (s) => s.secrets.pop()],
    ['a secret of the same name', (s) => Object.assign(s.secrets[0], { ID: 'secret2' })],
    ['a config that is gone', (s) => s.configs.pop()],
    ['a network of the same name', (s) => Object.assign(s.networks[0], { Id: 'network2' })],
    ['a service of the same name', (s) => Object.assign(s.services[NGINX], { ID: 'service2' })],
  ])('%s', async (_, server) => {
    expect(await differences({ server })).not.toEqual([]);
  });
});

test('platforms that the engine has found for a service that was just created are not in the state yet', async () => {
  const created = (platforms: Json) => (state: Json) =>
    Object.assign(attributesOf(state, NGINX).task_spec[0].placement[0], { platforms });
  expect(await differences({ state: created([]) })).toEqual([]);
  expect(await differences({ state: created([{ architecture: 'arm64', os: 'linux' }]) })).toHaveLength(1);
});

test('no replicas and one on every node are not the same, though both are nothing', async () => {
  const scaledToNone = (state: Json) =>
    Object.assign(attributesOf(state, NGINX).mode[0].replicated[0], { replicas: 0 });
  const none = (server: Json) => Object.assign(server.services[NGINX].Spec.Mode.Replicated, { Replicas: 0 });
  const global = (server: Json) => Object.assign(server.services[NGINX].Spec, { Mode: { Global: {} } });
  expect(await differences({ state: scaledToNone, server: none })).toEqual([]);
  expect(await differences({ state: scaledToNone, server: global })).not.toEqual([]);
});

test.each<[string, (state: Json) => void, string]>([
  [
    'an attribute that is not known here',
    (state) => Object.assign(attributesOf(state, NGINX), { novel: ['x'] }),
    'novel of service proctorwise_nginx is not as in the state',
  ],
  [
    'one that is known and not translated',
    (state) =>
      Object.assign(attributesOf(state, NGINX).task_spec[0].container_spec[0], { privileges: [{ a: 1 }] }),
    'container_spec.privileges of service proctorwise_nginx is not as in the state',
  ],
  [
    'a duration in words of tomorrow',
    (state) => Object.assign(attributesOf(state, NGINX).update_config[0], { delay: '1 fortnight' }),
    'the duration 1 fortnight of service proctorwise_nginx is not as in the state',
  ],
])('%s proves nothing', async (_, state, why) => {
  expect(await differences({ state })).toEqual([why]);
});
