import type { Service, ServiceSpec, Task, UpdateState } from '../../../../operations/docker/answers';
import type { Snapshot } from '../../../../operations/docker/snapshot';
import { pack } from '../../../../operations/records/packed';
import { deviations, otherTasks } from '../../../../operations/releases/verify';
import { releaseWith } from '../records/releases';

const UPDATES = { Parallelism: 1, Order: 'start-first', FailureAction: 'rollback' } as const;
const spec = (container: object = {}, more: object = {}): ServiceSpec => ({
  Name: 'acme_web',
  TaskTemplate: {
    ContainerSpec: {
      Image: 'web:v1@sha256:aa',
      Args: ['LOG_LEVEL=info'],
      Secrets: [{ SecretID: 's1', SecretName: 'acme_key_0123456789', File: { Name: 'key', Mode: 292 } }],
      Configs: [{ ConfigID: 'c1', ConfigName: 'acme_conf_0123456789', File: { Name: '/conf', Mode: 292 } }],
      ...container,
    },
  },
  Mode: { Replicated: { Replicas: 2 } },
  UpdateConfig: UPDATES,
  ...more,
});
/** @param tasks those of the specification and those of another one, which run */
const snapshot = (
  now: ServiceSpec,
  { of = 2, others = 0, state }: { of?: number; others?: number; state?: UpdateState } = {},
): Snapshot => {
  const ids = Array.from({ length: of + others }, (_, at) => `t${at}`);
  const created = '2026-01-02T03:04:05Z';
  const tasks = ids.map(
    (ID, at): Task => ({
      ID,
      ServiceID: 's1',
      CreatedAt: created,
      Slot: at + 1,
      NodeID: `n${at}`,
      DesiredState: 'running',
      Spec: now.TaskTemplate,
      Status: { Timestamp: created, State: 'running' },
    }),
  );
  const times = { CreatedAt: created, UpdatedAt: created, Version: { Index: 1 } };
  const service: Service = {
    ID: 's1',
    ...times,
    Spec: now,
    ...(state ? { UpdateStatus: { State: state } } : {}),
  };
  return { service, tasks, upToDate: new Set(ids.slice(0, of)), now: Date.parse(created) + 60_000 };
};
const release = releaseWith({ number: 41, packed: pack({ specs: { acme_web: spec() } }) });
const found = (now: ServiceSpec, tasks?: Parameters<typeof snapshot>[1]) =>
  deviations(release, new Map([[now.Name!, snapshot(now, tasks)]]));

test('a server that is as the release left it differs in nothing', () => {
  expect(found(spec())).toEqual([]);
});

test('objects that were made again under their names are the same', () => {
  const Secrets = [{ SecretID: 's9', SecretName: 'acme_key_0123456789', File: { Name: 'key', Mode: 292 } }];
  expect(found(spec({ Secrets }))).toEqual([]);
});

test.each<[string, ServiceSpec, RegExp]>([
  [
    'another image',
    spec({ Image: 'web:v2@sha256:bb' }),
    /^acme_web: image web:v2@sha256:bb instead of web:v1@sha256:aa$/,
  ],
  ['another setting', spec({ Args: ['LOG_LEVEL=debug'] }), /^acme_web: other args$/],
  ['a variable that was added by hand', spec({ Env: ['A=1'] }), /^acme_web: another env$/],
  [
    'a rotated secret',
    spec({ Secrets: [{ SecretID: 's2', SecretName: 'acme_key_abcdef0123', File: { Name: 'key' } }] }),
    /other secrets/,
  ],
  [
    'a scaled service',
    spec({}, { Mode: { Replicated: { Replicas: 3 } } }),
    /^acme_web: 3 replicas instead of 2$/,
  ],
  [
    'a limit that was added',
    spec({}, { TaskTemplate: { ...spec().TaskTemplate, Resources: { Limits: { NanoCPUs: 1e9 } } } }),
    /Resources\.Limits/,
  ],
  [
    'another pace of updates',
    spec({}, { UpdateConfig: { ...UPDATES, Parallelism: 0 } }),
    /^acme_web: another UpdateConfig\.Parallelism$/,
  ],
  [
    'updates without a word',
    spec({}, { UpdateConfig: undefined }),
    /another UpdateConfig\.Parallelism, another UpdateConfig\.Order/,
  ],
  [
    'a way of rolling back',
    spec({}, { RollbackConfig: { Order: 'stop-first' } }),
    /^acme_web: another RollbackConfig\.Order$/,
  ],
  [
    'one on every node',
    spec({}, { Mode: { Global: {} } }),
    /^acme_web: no replicas instead of 2, another Mode$/,
  ],
])('%s is named', (_, now, words) => {
  expect(found(now)).toEqual([expect.stringMatching(words)]);
});

test('tasks that are missing, a service that is gone and one that is new are named', () => {
  expect(found(spec(), { of: 1 })).toEqual(['acme_web: 1 of 2 tasks run it']);
  const other = { ...spec(), Name: 'acme_other' };
  expect(found(other)).toEqual(['acme_web is gone', 'acme_other runs, and the release has none such']);
});

test('tasks of an older specification are none of it, whatever they run', () => {
  expect(found(spec(), { of: 1, others: 1 })).toEqual(['acme_web: 1 of 2 tasks run it']);
  expect(found(spec(), { of: 2, others: 1 })).toEqual(['acme_web: tasks of another specification run, too']);
});

test.each<[UpdateState, string]>([
  ['paused', 'its update is paused'],
  ['rollback_paused', 'its rollback is paused'],
  ['updating', 'an update is under way'],
  ['rollback_started', 'a rollback is under way'],
])('an update that is %s is named, though all its tasks run', (state, words) => {
  expect(found(spec(), { state })).toEqual([`acme_web: ${words}`]);
});

test.each<UpdateState>(['completed', 'rollback_completed'])('one that is %s is none', (state) => {
  expect(found(spec(), { state })).toEqual([]);
});

describe('a service on every node', () => {
  const everywhere = spec({}, { Mode: { Global: {} } });
  const of = releaseWith({ number: 41, packed: pack({ specs: { acme_web: everywhere } }) });
  const foundThere = (tasks: Parameters<typeof snapshot>[1]) =>
    deviations(of, new Map([['acme_web', snapshot(everywhere, tasks)]]));

  test('counts where it is to run', () => {
    expect(foundThere({ of: 3 })).toEqual([]);
    expect(foundThere({ of: 1, others: 2 })).toEqual(['acme_web: 1 of 3 tasks run it']);
  });

  test('is another one with replicas', () => {
    const now = snapshot(spec());
    expect(deviations(of, new Map([['acme_web', now]]))).toEqual(['acme_web: another Mode']);
  });
});

test('a record without specifications proves nothing', () => {
  expect(() => deviations(releaseWith({ leftOut: 'so' }), new Map())).toThrow(
    /no specifications to compare with: so/,
  );
});

test.each([
  ['as it left them', spec(), []],
  ['with more replicas', spec({}, { Mode: { Replicated: { Replicas: 5 } } }), []],
  ['of another image', spec({ Image: 'web:v2@sha256:bb' }), ['acme_web']],
  ['with something more', spec({ Env: ['DEBUG=1'] }), ['acme_web']],
])('tasks %s', (_, now, names) => {
  expect(otherTasks(release, [snapshot(now).service])).toEqual(names);
});

test('a service that is gone runs something else than it did', () => {
  expect(otherTasks(release, [])).toEqual(['acme_web']);
});
