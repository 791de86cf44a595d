import { schedule } from '../history/happen';
import { Stage } from '../kernel/stage';
import type { World } from '../world/world';
import { applicationOf, prepare } from './build';
import { type Deployed, deploy, type State, type Step } from './deploy';
import { every, type MigrationScenario } from './ingredients';
import { migrationsIn, runByHand } from './job';

/** What a history with a migration was, for the judge. */
export interface PlayedMigration {
  readonly scenario: MigrationScenario;
  readonly world: World;
  readonly deployAt: number;
  /** One that was killed before, the deploy itself, others beside it. */
  readonly deploys: readonly Deployed[];
  /** When nothing more went wrong. */
  readonly mendedAt: number;
  /** The run after all that. */
  readonly next: Deployed;
  readonly endedAt: number;
}

/** Nobody waits so long. */
const MOST_MS = 7_200_000;
/** Swarm forgets a task, and its node the container, in a moment. */
export const TIDY_MS = 10_000;
/** Longer than this is for good. */
const FINITE_MS = 1_000_000;
/** For nodes to come back, and to be told what they missed. */
const SETTLE_MS = 30_000;

/** @param step in place of the product's, for a test that wants it faulty */
export async function playMigration(scenario: MigrationScenario, step?: Step): Promise<PlayedMigration> {
  const world = prepare(scenario);
  const { agenda } = world;
  const base = agenda.now;
  const before = every(scenario, 'left', 'byHand').map(({ beforeMs }) => beforeMs);
  const deployAt = base + Math.max(0, ...before);
  const stage = new Stage(agenda);
  const deploys: Deployed[] = [];
  const troubles = every(scenario, 'trouble').map(({ trouble }) => ({
    ...trouble,
    from: deployAt + trouble.from,
    to: deployAt + trouble.to,
  }));
  const at = (time: number, work: () => void) => agenda.after(time - agenda.now, work);
  const begin = (state: State, more: { signals?: NodeJS.Signals[]; mended?: boolean } = {}): Deployed => {
    const { signals = [], mended = false } = more;
    const told = { actor: undefined as never, began: agenda.now } as Deployed;
    const run = { world, scenario, state, signals, step, troubles: mended ? [] : troubles };
    const actor = stage.enter((own) => deploy(run, own, told));
    return Object.assign(told, { actor });
  };

  for (const { beforeMs, afterMs } of every(scenario, 'left')) {
    at(deployAt - beforeMs, () => {
      const own = begin({ migrated: false });
      deploys.push(own);
      agenda.after(afterMs, () => own.actor.kill());
    });
  }
  for (const { beforeMs } of every(scenario, 'byHand'))
    at(deployAt - beforeMs, () => runByHand(world, applicationOf(scenario).before));
  for (const { at: after } of every(scenario, 'other'))
    at(deployAt + after, () => deploys.push(begin({ migrated: false })));
  for (const { at: after } of every(scenario, 'removed')) {
    at(deployAt + after, () => {
      for (const { id } of migrationsIn(world)) world.control.remove(id);
    });
  }

  const state: State = { migrated: false };
  at(deployAt, () => {
    schedule(world, scenario);
    const signals: NodeJS.Signals[] = [];
    const own = begin(state, { signals });
    deploys.push(own);
    for (const { at: after } of every(scenario, 'kill')) agenda.after(after, () => own.actor.kill());
    for (const { at: after } of every(scenario, 'signal')) agenda.after(after, () => signals.push('SIGTERM'));
  });

  await stage.runUntil(Math.max(deployAt, ...endsOf(scenario, deployAt)) + SETTLE_MS, base + MOST_MS);
  const mendedAt = agenda.now;
  const next = begin(state, { mended: true });
  await stage.runUntil(mendedAt, mendedAt + MOST_MS);
  const endedAt = agenda.now;
  // What its end had Swarm do is done then.
  await stage.runUntil(endedAt + TIDY_MS, endedAt + TIDY_MS);
  return { scenario, world, deployAt, deploys, mendedAt, next, endedAt };
}

/** When each thing that passes has passed. */
function endsOf(scenario: MigrationScenario, deployAt: number): number[] {
  const passing = every(scenario, 'leader', 'nodeCut', 'engine', 'drain').map(({ at, ms }) => at + ms);
  const troubles = every(scenario, 'trouble').map(({ trouble }) => trouble.to);
  const single = every(scenario, 'kill', 'signal', 'removed', 'other').map(({ at }) => at);
  return [...passing, ...troubles, ...single].filter((ms) => ms < FINITE_MS).map((ms) => deployAt + ms);
}
