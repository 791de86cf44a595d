import { replacementsOf } from '../../../../operations/plan/replacements';
import type { Json } from '../../../../operations/terraform/document';

const OURS = { label: 'com.docker.stack.namespace', value: 'shop' };
const volume = (more: Json = {}, options: Json = {}) => ({
  type: 'volume',
  source: 'shop_data',
  target: '/data',
  read_only: false,
  volume_options: [{ labels: [OURS], no_copy: false, driver_name: '', driver_options: {}, ...options }],
  ...more,
});
const service = (mounts: Json[], networks: Json[] = [{ name: 'n1', aliases: ['db'] }]) => ({
  name: 'shop_db',
  task_spec: [{ container_spec: [{ mounts }], networks_advanced: networks }],
});
const MOUNTS = ['task_spec', 0, 'container_spec', 0, 'mounts'];
const NETWORKS = ['task_spec', 0, 'networks_advanced'];

const replace = (before: Json, after: Json, ...replace_paths: (string | number)[][]) => {
  const change = { actions: ['delete', 'create'], before, after, replace_paths };
  const [one] = replacementsOf({ resource_changes: [{ type: 'docker_service', name: 'db', change }] });
  return one!;
};

const UPDATE = 'docker service update';
const MOUNT = 'type=volume,source=shop_data,target=/data,volume-label=com.docker.stack.namespace=shop';

test('a volume that names its driver, as compose files do, is mounted in place as the catalogue mounts it', () => {
  const runs = service([volume({}, { driver_name: 'local' }), { type: 'bind', source: '/a', target: '/b' }]);
  expect(replace(runs, service([volume()]), MOUNTS)).toEqual({
    service: 'db',
    differences: ['mount /data: driver local → none'],
    command: `${UPDATE} --mount-add ${MOUNT} shop_db`,
  });
});

test.each<[string, Json[], Json[], string, string]>([
  [
    'no_copy',
    [volume({}, { no_copy: true })],
    [volume()],
    'mount /data: no_copy true → none',
    `--mount-add ${MOUNT}`,
  ],
  [
    'no label',
    [volume({ volume_options: [] })],
    [volume()],
    'mount /data: labels none → com.docker.stack.namespace=shop',
    `--mount-add ${MOUNT}`,
  ],
  [
    'another volume',
    [volume({ source: 'shop_old' })],
    [volume()],
    'mount /data: source shop_old → shop_data',
    `--mount-add ${MOUNT}`,
  ],
  [
    'another place',
    [volume({ target: '/old' })],
    [volume()],
    'mount /data: runs without, the catalogue has volume shop_data',
    `--mount-rm /old --mount-add ${MOUNT}`,
  ],
  [
    'a volume more',
    [volume(), volume({ source: 'shop_logs', target: '/my logs' })],
    [volume()],
    'mount /my logs: volume shop_logs, which the catalogue lacks',
    "--mount-rm '/my logs'",
  ],
])('what differs is told, and made equal: %s', (_what, runs, planned, difference, options) => {
  const found = replace(service(runs), service(planned), MOUNTS);
  expect(found.differences).toContain(difference);
  expect(found.command).toBe(`${UPDATE} ${options} shop_db`);
});

test('names of a driver’s options are told, and not what they say: it may be a login', () => {
  const runs = service([volume({}, { driver_options: { o: 'password=hunter2' } })]);
  const found = replace(runs, service([volume()]), MOUNTS);
  expect(found.differences).toEqual(['mount /data: driver_options o → none']);
  expect(JSON.stringify(found)).not.toContain('hunter2');
});

test('a network that the catalogue lacks is left in place, another name on the network is not', () => {
  const network = { name: 'n1', aliases: ['db'] };
  const more = service([volume()], [network, { name: 'n2', aliases: ['db'] }]);
  expect(replace(more, service([volume()]), NETWORKS).command).toBe(`${UPDATE} --network-rm n2 shop_db`);
  const otherwise = service([volume()], [{ name: 'n1', aliases: ['database'] }]);
  expect(replace(otherwise, service([volume()]), NETWORKS).command).toBeUndefined();
});

test('where one of several fields has no command there is none', () => {
  const runs = service([volume({}, { driver_name: 'local' })]);
  const hosts = ['task_spec', 0, 'container_spec', 0, 'hosts'];
  expect(replace(runs, service([volume()]), MOUNTS, hosts)).toMatchObject({
    differences: ['mount /data: driver local → none'],
  });
  expect(replace(runs, service([volume()]), MOUNTS, hosts).command).toBeUndefined();
});

test('what is updated, created or removed is no replacement', () => {
  const change = (...actions: string[]) => ({
    type: 'docker_service',
    name: 'db',
    change: { actions, before: service([]), after: service([]) },
  });
  const resource_changes = [change('update'), change('create'), change('delete')];
  expect(replacementsOf({ resource_changes })).toEqual([]);
});
