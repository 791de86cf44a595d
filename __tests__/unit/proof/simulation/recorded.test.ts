import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Service, Task } from '../../../../operations/docker/answers';
import { play } from '../../../../proof/simulation/history/play';
import { lives } from '../../../../proof/simulation/judge/truth';
import type { Ingredient } from '../../../../proof/simulation/scenario/ingredients';

const RECORDED = join(__dirname, '../../operations/rollout/recorded');

interface Look {
  readonly service: Service;
  readonly tasks: readonly Task[];
}

/** What a real engine said of a service, look for look. */
const recorded = (name: string): Look[] =>
  readFileSync(join(RECORDED, `${name}.jsonl`), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Look);

/** Without what follows from when one looked. */
const distinct = (list: readonly string[]): string[] => list.filter((one, at) => one !== list[at - 1]);
const words = (message = ''): string => message.replace(/task \S+$/, 'a task');

const statusesOf = (looks: readonly Look[]): string[] =>
  distinct(
    looks.map(({ service: { UpdateStatus: s } }) => (s?.State ? `${s.State}: ${words(s.Message)}` : 'none')),
  );

const keyOf = (state: string, desired: string, err = ''): string => `${desired} ${state} ${err}`;

/** States in which this deploy's tasks were seen, each once. */
function tasksOf(looks: readonly Look[], image: string): Set<string> {
  const own = looks.flatMap(({ tasks }) => tasks).filter((task) => task.Spec.ContainerSpec?.Image === image);
  return new Set(
    own.map(({ Status, DesiredState }) => keyOf(Status.State, DesiredState, withoutImage(Status.Err))),
  );
}

const withoutImage = (err = ''): string => err.replace(/(No such image): .*/, '$1');

const BASE: readonly Ingredient[] = [
  { kind: 'delay', ms: 1_000 },
  { kind: 'monitor', ms: 3_000 },
  { kind: 'restartDelay', ms: 1_000 },
  { kind: 'grace', ms: 5_000 },
];
const HEALTH: Ingredient = { kind: 'health', intervalMs: 2_500, retries: 2, startMs: 0 };

test.each<[name: string, image: string, ingredients: readonly Ingredient[]]>([
  ['create', 'bb:v1', [{ kind: 'deploy', what: 'create' }]],
  ['update', 'bb:v2', []],
  ['missing', 'bb:nope', [{ kind: 'badPull', untilMs: 1e9 }]],
  ['unhealthy', 'bb:bad', [HEALTH, { kind: 'sick', of: 'new', afterMs: 0, times: 1e9 }]],
  [
    'crash',
    'bb:crash',
    [
      { kind: 'replicas', count: 3 },
      { kind: 'crash', of: 'new', afterMs: 4_500, code: 1, times: 1e9 },
    ],
  ],
  ['scale', 'bb:v2', [{ kind: 'deploy', what: 'scale' }]],
])('on %s the model says what a real engine said', async (name, image, more) => {
  const looks = recorded(name);
  const played = await play({ seed: 3, ingredients: [...BASE, ...more] });
  const log = [...played.world.store.serviceLog.values()].flat().filter(({ at }) => at >= played.deployAt);
  const said = distinct(
    log.map(({ record }) => {
      const status = record?.updateStatus;
      return status ? `${status.state}: ${words(status.message)}` : 'none';
    }),
  );
  const seen = statusesOf(looks);
  // Nobody looked at the moment between the update and Swarm's first word of it.
  expect(said.slice(said[0] === seen[0] ? 0 : 1).slice(0, seen.length)).toEqual(seen);

  const now = lives(played, played.endedAt);
  const states = new Set(
    [...played.world.store.taskLog.values()]
      .flat()
      .flatMap(({ record }) =>
        record ? [keyOf(record.status.state, record.desired, withoutImage(record.status.err))] : [],
      ),
  );
  expect([...tasksOf(looks, image)].filter((state) => !states.has(state))).toEqual([]);
  expect(now.length).toBeGreaterThan(0);
});
