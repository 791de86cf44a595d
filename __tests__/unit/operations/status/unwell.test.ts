import { problemOf } from '../../../../operations/status/unwell';
import { snapshot, task } from '../rollout/swarm-says';

const running = [task({ slot: 1, created: 0 }), task({ slot: 2, created: 0 })];

test('a service whose tasks all run is well, whatever failed long ago or in an older version', () => {
  const old = task({ slot: 1, created: -500, since: -400, state: 'failed' });
  const older = task({ slot: 1, created: 90, since: 95, state: 'failed', image: 'app:v1' });
  expect(problemOf(snapshot({ now: 100, tasks: [...running, old, older] }))).toBeUndefined();
});

test('one with too few tasks is not, and what they wait for is said', () => {
  const pending = task({ slot: 2, state: 'pending', error: 'no suitable node' });
  expect(problemOf(snapshot({ now: 100, tasks: [running[0]!, pending] }))).toBe(
    '1 of 2 tasks run, no suitable node',
  );
  expect(problemOf(snapshot({ now: 100, tasks: [] }))).toBe('0 of 2 tasks run');
});

test('one of which each task failed once, as after a restart of the engine, is well when all run', () => {
  const ended = [1, 2].map((slot) => task({ slot, created: 80, since: 90, state: 'failed' }));
  expect(problemOf(snapshot({ now: 100, tasks: [...running, ...ended] }))).toBeUndefined();
});

test('one that ends again and again is not, although it runs at the moment of the look', () => {
  const ended = [70, 90].map((since) => task({ slot: 1, created: since - 5, since, state: 'failed' }));
  expect(problemOf(snapshot({ now: 100, tasks: [...running, ...ended] }))).toBe(
    '2 tasks failed in the last 2 minutes',
  );
});

test('what failed before its verdict is no news, and what fails again and again since is', () => {
  const ended = [70, 90].map((since) => task({ slot: 1, created: since - 5, since, state: 'failed' }));
  const look = snapshot({ now: 100, tasks: [...running, ...ended] });
  const at = (seconds: number) => look.now - (100 - seconds) * 1000;
  expect(problemOf(look, at(80))).toBeUndefined();
  expect(problemOf(look, at(60))).toBe('2 tasks failed in the last 2 minutes');
});
