import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Snapshot } from '../../../../operations/docker/snapshot';
import { beginHistory, remember } from '../../../../operations/rollout/history';
import { slotsOf } from '../../../../operations/rollout/slots';
import { judge } from '../../../../operations/rollout/verdict';
import { MEASURE } from './swarm-says';

/** Answers of a Docker 20.10 engine, each that differs from the one before, taken while the thing happened. */
function recorded(name: string): Snapshot[] {
  const lines = readFileSync(join(__dirname, 'recorded', `${name}.jsonl`), 'utf8')
    .trim()
    .split('\n');
  return lines.map((line) => {
    const look = JSON.parse(line) as Snapshot & { upToDate: string[] };
    return { ...look, upToDate: new Set(look.upToDate) };
  });
}

/** What was said after each look. */
function verdicts(name: string, image: string, replicas: number, observeSeconds = 0): string[] {
  const looks = recorded(name);
  let history = beginHistory(looks[0]!);
  return looks.map((look) => {
    const moving = ['updating', 'rollback_started'].includes(look.service.UpdateStatus?.State ?? '');
    history = remember(history, look, slotsOf(look).allRunning && !moving);
    const verdict = judge(look, history, { ...MEASURE, planned: { image, replicas }, observeSeconds });
    return verdict.state === 'final' ? verdict.outcome : verdict.state;
  });
}

test.each([
  ['create', 'bb:v1', 2, 'converged'],
  ['update', 'bb:v2', 2, 'converged'],
  ['missing', 'bb:nope', 2, 'rolledBack'],
  ['unhealthy', 'bb:bad', 2, 'rolledBack'],
  ['scale', 'bb:v2', 3, 'converged'],
])(
  'what Swarm really says on %s ends as it must, and not a moment earlier',
  (name, image, replicas, outcome) => {
    const said = verdicts(name, image, replicas);
    expect(said.at(-1)).toBe(outcome);
    expect(said.slice(0, said.indexOf(outcome))).toEqual(
      said.slice(0, said.indexOf(outcome)).map(() => 'waiting'),
    );
  },
);

test('a crash that Swarm’s monitor was too short for asks for a rollback, although Swarm says completed', () => {
  const looks = recorded('crash');
  const said = verdicts('crash', 'bb:crash', 3, 30);
  expect(looks.at(-1)?.service.UpdateStatus?.State).toBe('completed');
  expect(said).toContain('rollBack');
  expect(said).not.toContain('converged');
});

test('going back to what Swarm rolled back to converges on the very same answer', () => {
  const last = recorded('missing').at(-1)!;
  const verdict = judge(last, beginHistory(last), {
    ...MEASURE,
    planned: { image: 'bb:v2', replicas: 2 },
    observeSeconds: 0,
  });
  expect(verdict).toMatchObject({ outcome: 'converged' });
});
