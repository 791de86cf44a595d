import { likelyCause } from '../../../operations/rollout/cause';
import type { Result } from '../../../operations/rollout/watch';
import type { Played } from '../history/played';
import { ENOUGH_MS } from '../scenario/generate';
import { all, type Ingredient, of, type Scenario } from '../scenario/ingredients';

type Held = (scenario: Scenario) => boolean;

const has =
  (...kinds: Ingredient['kind'][]): Held =>
  ({ ingredients }) =>
    ingredients.some(({ kind }) => kinds.includes(kind));
const crashes =
  (holds: (code: number, outOfMemory: boolean) => boolean): Held =>
  ({ ingredients }) =>
    all(ingredients, 'crash').some(({ code, outOfMemory }) => holds(code, outOfMemory ?? false));
const either =
  (...some: Held[]): Held =>
  (scenario) =>
    some.some((one) => one(scenario));
const unplaceable =
  (why: string): Held =>
  (scenario) =>
    of(scenario, 'unplaceable')?.why === why;

/** Given up while all is on its way. */
const short: Held = (scenario) => (of(scenario, 'deadline')?.ms ?? ENOUGH_MS) < ENOUGH_MS;

const UNWELL = has('sick', 'slowStart');

/** What a cause in words needs to have been injected. */
const NEEDS: readonly (readonly [RegExp, Held])[] = [
  [/kernel killed it/, crashes((_, outOfMemory) => outOfMemory)],
  [/health check kept failing/, UNWELL],
  [/health check has not passed yet/, either(UNWELL, has('health', 'trouble'), short)],
  [/registry does not have/, has('badPull', 'earlier')],
  [/still being pulled/, either(has('slowPull', 'badPull', 'trouble', 'history'), short)],
  [/reservation free/, either(has('reserve'), unplaceable('resources'))],
  [/no node satisfies/, unplaceable('constraint')],
  [/another processor/, unplaceable('platform')],
  [/host-mode port/, has('hostPort')],
  [/max_replicas/, has('maxReplicas')],
  [/drained, paused or down/, has('drain', 'nodeCut', 'engine', 'leader')],
  [
    /command does not exist/,
    either(
      has('startError'),
      crashes((code) => code === 127),
    ),
  ],
  [/told to stop while it was new/, has('drain', 'nodeCut', 'engine', 'foreign', 'leader')],
  [/not executable/, crashes((code) => code === 126)],
  [
    /SIGKILL/,
    either(
      crashes((code) => code === 137),
      has('engine'),
      UNWELL,
    ),
  ],
  [/segmentation fault/, crashes((code) => code === 139)],
  [/SIGTERM/, crashes((code) => code === 143)],
  [
    /ended by itself with status 0/,
    either(
      crashes((code) => code === 0),
      UNWELL,
    ),
  ],
  [
    /ended by itself with status/,
    either(
      crashes((code) => code > 0),
      has('earlier'),
    ),
  ],
];

/** Why a cause that the report names cannot be, or that it names none. */
export function againstCauses({ scenario }: Played, result: Result): string[] {
  const spec = result.snapshot?.service.Spec;
  if (!spec) return [];
  return result.culprits.flatMap((task) => {
    const cause = likelyCause(task, spec, result.evidence.get(task.ID));
    const { State, Err } = task.Status;
    if (!cause) return Err ? [`no cause is named for task ${task.ID}, ${State}: ${Err}`] : [];
    // Several reasons of a scheduler are one text.
    return cause
      .split('; ')
      .filter((part) => NEEDS.some(([words]) => words.test(part)))
      .filter((part) => !NEEDS.find(([words]) => words.test(part))![1](scenario))
      .map((part) => `task ${task.ID}, ${State}${Err ? `: ${Err}` : ''}, is said to fail since ${part}`);
  });
}
