import type { Service } from '../../../../../operations/docker/answers';
import { readPlan } from '../../../../../operations/plan/changes/read-plan';
import { planLines } from '../../../../../operations/plan/text';
import { asWritten, type WrittenSet } from '../../../../../operations/terraform/written-order';
import recorded from '../../fresh/recorded.json';

// biome-ignore lint/suspicious/noExplicitAny: documents that other programs wrote
type Json = any;

const NAMESPACE = { label: 'com.docker.stack.namespace', value: 'proctorwise' };
const mount = (type: string, target: string, more: object = {}) => ({
  type,
  source: '',
  target,
  read_only: false,
  bind_options: [],
  tmpfs_options: [],
  volume_options: [],
  ...more,
});
const volumeOptions = (more: object = {}) => [
  { driver_name: '', driver_options: null, labels: [NAMESPACE], no_copy: null, ...more },
];
/** As a state had them; provider 3.6.2 wrote them to a real engine in another order. */
const MOUNTS = [
  mount('volume', '/var/lib/mysql', { source: 'proctorwise_mariadb_data', volume_options: volumeOptions() }),
  mount('tmpfs', '/run/mysqld'),
  mount('tmpfs', '/tmp'),
];
const WRITTEN = ['/run/mysqld', '/var/lib/mysql', '/tmp'];
/** By their sources, then by their targets: what Docker's command line makes of them with any update. */
const BY_HAND = ['/run/mysqld', '/tmp', '/var/lib/mysql'];
const targets = (mounts: readonly Json[]) => mounts.map(({ target }) => target);

describe('the order in which the provider writes', () => {
  test('mounts is the one that it left on a real engine', () => {
    expect(targets(asWritten('mounts', MOUNTS))).toEqual(WRITTEN);
    const { mounts } = recorded.attributes.monitoringservice.task_spec[0]!.container_spec[0]!;
    const { Mounts } = recorded.services.monitoringservice.Spec.TaskTemplate.ContainerSpec;
    expect(targets(asWritten('mounts', mounts))).toEqual(Mounts.map(({ Target }) => Target));
  });

  test('secrets is the one that it left there', () => {
    const { secrets } = recorded.attributes.nginx.task_spec[0]!.container_spec[0]! as Json;
    const { Secrets } = recorded.services.nginx.Spec.TaskTemplate.ContainerSpec as Json;
    expect(Secrets.length).toBeGreaterThan(1);
    expect(asWritten('secrets', secrets).map(({ secret_id }) => secret_id)).toEqual(
      Secrets.map(({ SecretID }: Json) => SecretID),
    );
  });

  /** Entries that differ in one thing each; the order is that of `schema.HashResource` in terraform-plugin-sdk 2.37. */
  test.each<[WrittenSet, Json[], number[]]>([
    [
      'mounts',
      [
        { type: 'volume', source: 'a', target: '/a' },
        { type: 'volume', source: 'a', target: '/a', read_only: true },
        { type: 'bind', source: '/srv', target: '/srv', bind_options: [{ propagation: 'rprivate' }] },
        { type: 'bind', source: '/srv', target: '/srv', bind_options: [{ propagation: '' }] },
        { type: 'tmpfs', target: '/t' },
        { type: 'tmpfs', target: '/t', tmpfs_options: [{ size_bytes: 1048576, mode: 1023 }] },
        { type: 'volume', source: 'b', target: '/b', volume_options: [{ no_copy: true }] },
        {
          type: 'volume',
          source: 'b',
          target: '/b',
          volume_options: [
            { driver_name: 'local', driver_options: { type: 'nfs', o: 'addr=10.0.0.1,rw', device: ':/x' } },
          ],
        },
        {
          type: 'volume',
          source: 'b',
          target: '/b',
          volume_options: [
            {
              labels: [
                { label: 'x', value: '1' },
                { label: 'y', value: '2' },
                { label: 'z', value: '3' },
              ],
            },
          ],
        },
        { type: 'volume', source: 'ü', target: '/é' },
      ],
      [8, 5, 6, 9, 1, 7, 3, 4, 0, 2],
    ],
    [
      'secrets',
      [
        { secret_id: 'i1', secret_name: 'n1', file_name: 'f', file_uid: '0', file_gid: '0', file_mode: 292 },
        {
          secret_id: 'i1',
          secret_name: 'n1',
          file_name: 'f',
          file_uid: '101',
          file_gid: '0',
          file_mode: 292,
        },
        {
          secret_id: 'i1',
          secret_name: 'n1',
          file_name: 'f',
          file_uid: '0',
          file_gid: '101',
          file_mode: 256,
        },
        { secret_id: 'i2', file_name: 'g', file_uid: '0', file_gid: '0', file_mode: 292 },
        { secret_id: 'i3', secret_name: 'n3', file_name: 'h', file_uid: '0', file_gid: '0', file_mode: 292 },
      ],
      [3, 0, 4, 2, 1],
    ],
    [
      'configs',
      [
        { config_id: 'i1', config_name: 'n1', file_name: '/f', file_uid: '0', file_gid: '0', file_mode: 292 },
        { config_id: 'i2', config_name: 'n2', file_name: '/f', file_uid: '0', file_gid: '0', file_mode: 365 },
        { config_id: 'i3', file_name: '/g', file_uid: '1', file_gid: '2', file_mode: 0 },
        { config_id: 'i4', config_name: 'n4', file_name: '/h', file_uid: '0', file_gid: '0', file_mode: 292 },
      ],
      [3, 1, 2, 0],
    ],
    [
      'networks_advanced',
      [
        { name: 'n1', aliases: ['web'] },
        { name: 'n2', aliases: ['web', 'api', 'users'] },
        { name: 'n3' },
        { name: 'n4', aliases: ['a'], driver_opts: ['com.example=1', 'b=2'] },
        { name: 'n5', aliases: ['web'] },
      ],
      [3, 1, 2, 0, 4],
    ],
  ])('%s is that of the SDK, whatever of them is said', (set, items, order) => {
    expect(asWritten(set, items)).toEqual(order.map((at) => items[at]));
  });

  test('does not depend on the order that it is given, nor on how nothing is written', () => {
    expect(targets(asWritten('mounts', [...MOUNTS].reverse()))).toEqual(WRITTEN);
    const bare = { type: 'tmpfs', source: null, target: '/tmp' };
    expect(targets(asWritten('mounts', [bare, MOUNTS[1], MOUNTS[0]]))).toEqual(WRITTEN);
  });
});

describe('a change for which Swarm would replace no task', () => {
  const IDS = ['n1', 'n2', 'n3'];
  const service = (delay: string, container: object = {}) => ({
    name: 'proctorwise_mariadb',
    mode: [{ replicated: [{ replicas: 1 }] }],
    update_config: [{ order: 'stop-first', parallelism: 1, delay }],
    task_spec: [
      {
        container_spec: [
          {
            image: 'mariadb:11',
            mounts: MOUNTS,
            secrets: IDS.map((id) => ({ secret_id: id, secret_name: id, file_name: id, file_mode: 292 })),
            ...container,
          },
        ],
        networks_advanced: IDS.map((name) => ({ name, aliases: ['mariadb'] })),
      },
    ],
  });
  const networks = asWritten('networks_advanced', service('0s').task_spec[0]!.networks_advanced);
  const secrets = asWritten('secrets', service('0s').task_spec[0]!.container_spec[0]!.secrets);
  const runs = ({ mounts = WRITTEN, turned = '' } = {}) => {
    const given = <T>(list: string, items: readonly T[]) => (turned === list ? [...items].reverse() : items);
    const Spec = {
      Name: 'proctorwise_mariadb',
      TaskTemplate: {
        ContainerSpec: {
          Mounts: mounts.map((Target) => ({ Target })),
          Secrets: given('secrets', secrets).map(({ secret_id }) => ({ SecretID: secret_id })),
        },
        Networks: given('networks', networks).map(({ name }) => ({ Target: name })),
      },
    };
    return [{ Spec }] as unknown as Service[];
  };
  const read = (
    running: Service[] | undefined,
    after = service('5s'),
    settings: object = { stateful: ['mariadb'] },
  ) =>
    readPlan(
      {
        resource_changes: [
          {
            type: 'docker_service',
            name: 'mariadb',
            change: { actions: ['update'], before: service('0s'), after },
          },
        ],
      },
      { settings, services: [], now: new Date(0), ...(running ? { running } : {}) },
    );

  test('restarts the database after an update by hand: that is told, and wants its name', () => {
    const plan = read(runs({ mounts: BY_HAND }));
    expect(plan.services[0]).toMatchObject({ restarts: true, downtime: true });
    expect(plan.needs).toMatchObject([{ name: 'mariadb' }]);
    const lines = planLines(plan).join('\n');
    expect(lines).toMatch(/^update {2}mariadb {2}update_config · restarts · clients wait about 1 s$/m);
    expect(lines).toMatch(/its mounts are on the server in another order/);
  });

  test.each(['secrets', 'networks'])('restarts it for the order of its %s', (list) => {
    const plan = read(runs({ turned: list }));
    expect(plan.services[0]).toMatchObject({ restarts: true, downtime: true });
    expect(plan.services[0]!.notes[0]).toContain(`its ${list} are on the server in another order`);
  });

  test('restarts nothing where all is as the provider left it, something else runs, or nobody can be asked', () => {
    const other = runs({ mounts: ['/run/mysqld', '/tmp', '/other'] });
    for (const plan of [read(runs()), read(undefined), read(other)]) {
      expect(plan.services[0]).toMatchObject({ restarts: false, how: 'no task restarts' });
      expect(plan.services[0]!.notes.join()).not.toMatch(/another order/);
      expect(plan.needs).toEqual([]);
    }
  });

  test('a pin restarts it then, too, and does not say that it would not', () => {
    const pinned = service('0s');
    Object.assign(pinned.task_spec[0]!, {
      placement: [{ constraints: ['node.labels.proctorwise.mariadb==true'] }],
    });
    expect(read(runs(), pinned).services[0]).toMatchObject({
      restarts: false,
      notes: [expect.stringContaining('Swarm restarts nothing')],
    });
    expect(read(runs({ mounts: BY_HAND }), pinned).services[0]).toMatchObject({
      restarts: true,
      notes: [expect.stringContaining('its mounts are on the server in another order'), expect.anything()],
    });
  });

  test('is not told where tasks are replaced anyway', () => {
    const [change] = read(runs({ mounts: BY_HAND }), service('0s', { image: 'mariadb:12' })).services;
    expect(change).toMatchObject({ restarts: true });
    expect(change!.notes.join()).not.toMatch(/another order/);
  });
});
