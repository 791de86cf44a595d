import { readPlan } from '../../../../operations/plan/changes/read-plan';
import { planLines } from '../../../../operations/plan/text';
import type { PlanDocument, ResourceChange } from '../../../../operations/terraform/document';

/** What a small change of a recorded plan would be: `classify.test.ts` has the recorded ones. */
const healthcheck = [{ test: ['CMD', 'true'], interval: '5s', timeout: '3s', start_period: '30s' }];
const service = (container: object = {}, replicas = 2) => ({
  mode: [{ replicated: [{ replicas }] }],
  update_config: [{ order: 'start-first', parallelism: 1, delay: '10s' }],
  task_spec: [{ container_spec: [{ image: 'web:v1', healthcheck, ...container }] }],
});
const change = (actions: string[], before: unknown, after: unknown, more: object = {}): ResourceChange => ({
  type: 'docker_service',
  name: 'web',
  mode: 'managed',
  address: 'docker_service.web',
  change: { actions, before, after },
  ...more,
});
const object = (type: string, actions: string[], more: Partial<ResourceChange> = {}): ResourceChange => ({
  type,
  name: 'data',
  mode: 'managed',
  address: `${type}.data`,
  change: { actions },
  ...more,
});
const read = (document: PlanDocument) =>
  readPlan(document, { settings: { stateful: ['db'] }, services: [], now: new Date(0) });
const lines = (...resource_changes: ResourceChange[]) => linesOf({ resource_changes });
const linesOf = (document: PlanDocument) => planLines({ ...read(document), others: [], steps: 0 });
const needs = (...resource_changes: ResourceChange[]) =>
  read({ resource_changes }).needs.map(({ name }) => name);

describe('drift', () => {
  const drifted = (found: object, planned: object, before = service()) =>
    linesOf({
      resource_changes: [change(['update'], found, planned)],
      resource_drift: [change(['update'], before, found)],
    })[0];

  test('a service that was scaled by hand returns to what is planned', () => {
    expect(drifted(service({}, 3), service())).toMatch(
      /^update {2}web {2}3 → 2 replicas · scaled by hand to 3, returns to 2 · surplus tasks stop · no downtime$/,
    );
    expect(drifted(service({}, 3), service({}, 4))).toMatch(/scaled by hand to 3, becomes 4 · new tasks/);
  });

  test('another image may be Swarm’s rollback as well as somebody’s hand', () => {
    expect(drifted(service({ image: 'web:v0' }), service())).toMatch(
      /image web:v0 → web:v1 · runs web:v0 in place of web:v1, by hand or rolled back by Swarm · rolling/,
    );
  });

  test('a service that is gone is made again', () => {
    const gone = {
      resource_changes: [change(['create'], null, service())],
      resource_drift: [change(['delete'], service(), null)],
    };
    expect(linesOf(gone)[0]).toMatch(/^create .*is gone since the last deploy, removed by hand/);
  });

  test('what the provider only reads back otherwise than it wrote it is none', () => {
    const mount = (no_copy?: boolean) => ({
      mounts: [{ type: 'volume', source: 'a', target: '/a', volume_options: [{ no_copy, labels: [] }] }],
    });
    const document = {
      resource_changes: [change(['update'], service(mount(false)), service({ ...mount(), image: 'web:v2' }))],
      resource_drift: [change(['update'], service(mount()), service(mount(false)))],
    };
    expect(linesOf(document)[0]).toBe(
      'update  web  image web:v1 → web:v2 · rolling, start-first · about 26 s · no downtime',
    );
  });
});

test('a service that nobody asks anything restarts without downtime', () => {
  const stopFirst = { update_config: [{ order: 'stop-first', parallelism: 1 }] };
  const [before, after] = ['certbot:v1', 'certbot:v2'].map((image) => ({
    ...service({ image }, 1),
    ...stopFirst,
  }));
  const document = { resource_changes: [change(['update'], before, after, { name: 'certbot' })] };
  const plan = (settings: object) => readPlan(document, { settings, services: [], now: new Date(0) });
  expect(planLines(plan({ background: ['certbot'] }))[0]).toMatch(
    /· restarts, nobody waits for it · about 8 s · no downtime$/,
  );
  expect(plan({ background: ['certbot'] }).needs).toEqual([]);
  expect(plan({}).needs).toMatchObject([{ name: 'certbot' }]);
});

test('with two env entries every update restarts tasks, and it is said why', () => {
  const env = { env: { A: '1', B: '2' } };
  expect(lines(change(['update'], service(env), service(env, 3)))).toEqual([
    'update  web  2 → 3 replicas · rolling, start-first · about 44 s · no downtime',
    '             its 2 env entries are written in random order, so that any update restarts tasks',
    expect.anything(),
    expect.anything(),
  ]);
});

test.each([
  ['replace_because_tainted', 'its last change failed half-way'],
  ['replace_by_request', 'asked for'],
  ['replace_by_triggers', 'what it follows changed'],
])('a replacement for %s is told so', (action_reason, words) => {
  const replaced = change(['delete', 'create'], service(), service(), { action_reason });
  expect(lines(replaced)[0]).toMatch(new RegExp(`^REPLACE web {2}\\(${words}\\)`));
});

test('a service that Terraform forgets runs on', () => {
  const forgotten = change(['forget'], service(), null);
  expect(lines(forgotten)[0]).toBe(
    'forget  web  web:v1, 2 tasks · left running, Terraform forgets it · no downtime',
  );
  expect(needs(forgotten)).toEqual([]);
});

describe('a service that is taken over', () => {
  const importing = { id: 'abc' };

  test('without a difference stays as it runs', () => {
    const same = change(['no-op'], service(), service());
    expect(lines({ ...same, change: { ...same.change, importing } })[0]).toMatch(
      /^import {2}web .*taken over as it runs · no downtime$/,
    );
  });

  test('with a difference in what Swarm compares rolls afterwards', () => {
    const other = change(['update'], service(), service({ args: ['x'] }));
    expect(lines({ ...other, change: { ...other.change, importing } })[0]).toBe(
      'import  web  args · taken over as it runs, then rolling, start-first · about 26 s · no downtime',
    );
  });
});

describe('data', () => {
  test.each([
    ['docker_volume', ['delete'], 'REMOVE  volume data  DELETED: its data is LOST'],
    ['docker_volume', ['delete', 'create'], 'REPLACE volume data  REPLACED: its data is LOST'],
    ['docker_network', ['delete'], 'REMOVE  network data  REMOVED'],
  ])('%s %j is a risk', (type, actions, line) => {
    expect(lines(object(type, actions))[0]).toBe(line);
    expect(needs(object(type, actions))).toEqual(['data']);
  });

  test('a stateful service that moves leaves its volume behind', () => {
    const place = (constraint: string) => ({
      ...service({}, 1),
      update_config: [{ order: 'stop-first', parallelism: 1 }],
      task_spec: [{ ...service().task_spec[0], placement: [{ constraints: [constraint] }] }],
    });
    const moved = change(['update'], place('node.role==manager'), place('node.labels.disk==ssd'), {
      name: 'db',
    });
    expect(lines(moved)).toEqual(
      expect.arrayContaining([expect.stringMatching(/RISK: its volume stays on the node where it is/)]),
    );
  });

  test('a stateful service that is pinned where it is stays, and is no risk', () => {
    const place = (constraints: string[], Image = 'db:1') => ({
      ...service({}, 1),
      name: 'shop_db',
      update_config: [{ order: 'stop-first', parallelism: 1 }],
      task_spec: [
        {
          ...service().task_spec[0],
          placement: [{ constraints }],
          container_spec: [{ ...service().task_spec[0]!.container_spec[0], image: Image }],
        },
      ],
    });
    const pinned = ['node.labels.shop.db==true'];
    const moved = (after: object) =>
      lines(change(['update'], place(['node.role==manager']), after, { name: 'db' })).join('\n');
    expect(moved(place(pinned))).toMatch(/^update\s+db\s+placement · no task restarts/);
    expect(moved(place(pinned))).not.toContain('RISK');
    expect(moved(place(pinned, 'db:2'))).toMatch(/restarts/);
    // The label of another service is a constraint like any.
    expect(moved(place(['node.labels.shop.other==true']))).toContain('RISK');
  });

  test('a stateful service that is removed is a risk, and its volume is named', () => {
    const mounts = [{ type: 'volume', source: 'shop_data', target: '/data' }];
    const removed = change(['delete'], service({ mounts }, 1), null, { name: 'db' });
    expect(lines(removed).slice(0, 3)).toEqual([
      'REMOVE  db  web:v1, 1 task · DOWNTIME: its tasks stop for good',
      '            RISK: nothing serves the data any more',
      '            volume shop_data stays on the server',
    ]);
  });
});

describe('a secret', () => {
  const secret = (actions: string[], more: Partial<ResourceChange> = {}) =>
    object('docker_secret', actions, more);

  test('that is rotated is one line, though Terraform makes one object and destroys another', () => {
    expect(lines(secret(['create'], { index: 'a' }), secret(['delete'], { index: 'b' }))[0]).toBe(
      'renew   secret data  rotated, the old one is destroyed after all gates',
    );
  });

  test('that a failed deploy left is told apart from the one in force', () => {
    expect(lines(secret(['create', 'delete']), secret(['delete'], { deposed: '01' }))[0]).toMatch(
      /rotated, .*; 1 older, left by a failed deploy, destroyed after all gates$/,
    );
    expect(lines(secret(['delete'], { deposed: '01' }))[0]).toBe(
      'remove  secret data  1 older, left by a failed deploy, destroyed after all gates',
    );
  });

  test('that could not be read looks as if it were gone, and the apply may stop at it', () => {
    const document = { resource_changes: [secret(['create'])], resource_drift: [secret(['delete'])] };
    expect(linesOf(document)[0]).toMatch(
      /^create .*gone from the server, or could not be read.*already exists/,
    );
  });
});
