import { exitCodeOf, putBack, type Returned } from '../../../../operations/rollback/put-back';
import { type FakeDaemon, fakeDaemon } from '../docker/fake-daemon';
import { spec } from '../rollout/swarm-says';

let daemon: FakeDaemon | undefined;
afterEach(async () => {
  await daemon?.stop();
  daemon = undefined;
});

const candidate = { name: 'shop_web', from: 'app:v2', to: 'app:v1', previous: spec('app:v1') };

/** A Swarm that has such an answer to the update. */
async function back(status: number, message: string, previous = 'app:v1'): Promise<Returned> {
  daemon = await fakeDaemon((request, _body, response) => {
    const update = request.url?.includes('/update');
    response.statusCode = update ? status : 200;
    const service = { Version: { Index: 7 }, Spec: spec('app:v2'), PreviousSpec: spec(previous) };
    response.end(JSON.stringify(update ? { message } : service));
  });
  return putBack({ host: daemon.host }, candidate);
}

test('what Docker refuses is refused for this service, which is as it was', async () => {
  const { outcome, text } = await back(400, 'rpc error: code = InvalidArgument desc = config x not found');
  expect(outcome).toBe('refused');
  expect(text).toContain('shop_web NOT PUT BACK, it is as it was: ');
  expect(text).toContain('config x not found\n  docker service ps --no-trunc shop_web');
});

test('somebody who is faster is said to be', async () => {
  const { outcome, text } = await back(500, 'rpc error: code = Unknown desc = update out of sequence');
  expect(outcome).toBe('superseded');
  expect(text).toMatch(/^shop_web NOT PUT BACK, somebody changes it right now\n/);
});

test('what would come back is no longer what was judged: nothing is asked for', async () => {
  const { outcome, text } = await back(200, '', 'app:v3');
  expect(outcome).toBe('superseded');
  expect(text).toMatch(/^shop_web NOT PUT BACK, somebody changes it right now\n/);
  expect(daemon?.requests.filter((request) => request.startsWith('POST'))).toEqual([]);
});

test('a connection that breaks over it leaves open whether it goes back', async () => {
  const { outcome, text } = await back(
    500,
    'rpc error: code = Unknown desc = The swarm does not have a leader',
  );
  expect(outcome).toBe('unreachable');
  expect(text).toMatch(/^shop_web UNKNOWN, it may be on its way back: the Swarm at .* has no leader/);
});

test.each([
  [[], 0],
  [['converged', 'converged'], 0],
  [['converged', 'refused'], 1],
  [['refused', 'paused', 'converged'], 4],
  [['unreachable', 'superseded'], 5],
] as const)('%j is exit code %i, the worst', (outcomes, code) => {
  expect(exitCodeOf(outcomes.map((outcome) => ({ outcome, text: '' })))).toBe(code);
});
