import { readPlan } from '../../../../../operations/plan/changes/read-plan';
import { planLines } from '../../../../../operations/plan/text';
import { asWritten } from '../../../../../operations/terraform/mount-order';
import recorded from '../../fresh/recorded.json';

const NAMESPACE = { label: 'com.docker.stack.namespace', value: 'proctorwise' };
const volume = (
  source: string,
  target: string,
  options: object = { driver_name: '', driver_options: null },
) => ({
  type: 'volume',
  source,
  target,
  read_only: false,
  bind_options: [],
  tmpfs_options: [],
  volume_options: [{ ...options, labels: [NAMESPACE], no_copy: null }],
});
const tmpfs = (target: string, source: string | null = '') => ({
  type: 'tmpfs',
  source,
  target,
  read_only: false,
  bind_options: [],
  tmpfs_options: [],
  volume_options: [],
});
/** As a state had them; provider 3.6.2 wrote them to a real engine in another order. */
const MARIADB = [volume('proctorwise_mariadb_data', '/var/lib/mysql'), tmpfs('/run/mysqld'), tmpfs('/tmp')];
const WRITTEN = ['/run/mysqld', '/var/lib/mysql', '/tmp'];
/** By their sources, then by their targets: what Docker's command line makes of them with any update. */
const BY_HAND = ['/run/mysqld', '/tmp', '/var/lib/mysql'];
const targets = (mounts: readonly { target: string }[]) => mounts.map(({ target }) => target);

describe('the order in which the provider writes mounts', () => {
  test('is the one that it left on a real engine', () => {
    expect(targets(asWritten(MARIADB))).toEqual(WRITTEN);
    const { monitoringservice } = recorded.attributes;
    const { mounts } = monitoringservice.task_spec[0]!.container_spec[0]!;
    const { Mounts } = recorded.services.monitoringservice.Spec.TaskTemplate.ContainerSpec;
    expect(targets(asWritten(mounts))).toEqual(Mounts.map(({ Target }) => Target));
  });

  test('does not depend on theirs, nor on how nothing is written', () => {
    expect(targets(asWritten([...MARIADB].reverse()))).toEqual(WRITTEN);
    const { read_only: _, tmpfs_options: _options, ...bare } = tmpfs('/tmp', null);
    expect(targets(asWritten([bare, tmpfs('/run/mysqld'), MARIADB[0]]))).toEqual(WRITTEN);
  });

  test('depends on every value', () => {
    const other = volume('proctorwise_mariadb_data', '/var/lib/mysql', {
      driver_name: 'nfs',
      driver_options: { o: 'rw' },
    });
    const orders = [MARIADB, [other, tmpfs('/run/mysqld'), tmpfs('/tmp')]].map((mounts) =>
      targets(asWritten(mounts)).join(),
    );
    expect(new Set(orders).size).toBe(2);
  });
});

describe('a change for which Swarm would replace no task', () => {
  const service = (delay: string, mounts: object[] = MARIADB) => ({
    name: 'proctorwise_mariadb',
    mode: [{ replicated: [{ replicas: 1 }] }],
    update_config: [{ order: 'stop-first', parallelism: 1, delay }],
    task_spec: [{ container_spec: [{ image: 'mariadb:11', mounts }] }],
  });
  const read = (present: readonly string[] | undefined, stateful = true, mounts = MARIADB as object[]) =>
    readPlan(
      {
        resource_changes: [
          {
            type: 'docker_service',
            name: 'mariadb',
            change: { actions: ['update'], before: service('0s', mounts), after: service('5s', mounts) },
          },
        ],
      },
      {
        settings: stateful ? { stateful: ['mariadb'] } : {},
        services: [],
        now: new Date(0),
        mounts: present && new Map([['proctorwise_mariadb', present]]),
      },
    );

  test('restarts the database after an update by hand: that is told, and wants its name', () => {
    const plan = read(BY_HAND);
    expect(plan.services[0]).toMatchObject({ restarts: true, downtime: true });
    expect(plan.needs).toMatchObject([{ name: 'mariadb' }]);
    const lines = planLines(plan).join('\n');
    expect(lines).toMatch(/^update {2}mariadb {2}update_config · restarts · clients wait about 1 s$/m);
    expect(lines).toMatch(/docker service update by hand has sorted its mounts/);
  });

  test('restarts nothing where the mounts are as the provider left them, are alone, or where nobody can be asked', () => {
    for (const plan of [read(WRITTEN), read(undefined), read(['/var/lib/mysql'], true, [MARIADB[0]!])]) {
      expect(plan.services[0]).toMatchObject({ restarts: false, how: 'no task restarts', notes: [] });
      expect(plan.needs).toEqual([]);
    }
  });

  test('is told once where it restarts anyway', () => {
    const { services } = readPlan(
      {
        resource_changes: [
          {
            type: 'docker_service',
            name: 'mariadb',
            change: { actions: ['update'], before: service('0s'), after: service('0s', MARIADB.slice(0, 2)) },
          },
        ],
      },
      { settings: {}, services: [], now: new Date(0), mounts: new Map([['proctorwise_mariadb', BY_HAND]]) },
    );
    expect(services[0]).toMatchObject({ restarts: true });
    expect(services[0]!.notes.join()).not.toMatch(/sorted its mounts/);
  });
});
