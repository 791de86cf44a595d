import type { JobSettings } from '../../../contract/job';
import type { Surroundings } from '../node/agent';
import type { Program, Pull } from '../node/program';
import { nodesOf } from '../scenario/build';
import { IMAGES, newSpec, oldSpec, planOf, SERVICE } from '../scenario/spec';
import type { Spec, TaskRecord } from '../swarm/records';
import { World } from '../world/world';
import { every, type MigrationScenario, the } from './ingredients';
import { isByHand, isMigration } from './job';

const SETTLE_MS = 20_000;
const TAKES_MS = 3_000;

/** What the catalogue says of the application, before the deploy and after it. */
export function applicationOf(scenario: MigrationScenario): { before: Spec; after: Spec } {
  const { seed } = scenario;
  const before = oldSpec({ seed, ingredients: [] });
  const after = newSpec({ seed, ingredients: [] });
  if (!the(scenario, 'unplaceable')) return { before, after };
  const Placement = { Constraints: ['node.labels.disk==ssd'] };
  return { before, after: { ...after, TaskTemplate: { ...after.TaskTemplate, Placement } } };
}

/** What Terraform gives the migration's step. */
export const settingsOf = (scenario: MigrationScenario): JobSettings => ({
  host: 'ssh://root@vps.example',
  kind: 'migrate',
  service: SERVICE,
  namespace: 'stack',
  planned: planOf(applicationOf(scenario).after),
  command: ['migrate'],
  timeoutSeconds: the(scenario, 'timeout')?.seconds ?? 60,
});

/** The application as it ran before, on the cluster that the scenario has. */
export function prepare(scenario: MigrationScenario): World {
  const behaviour = new MigrationBehaviour(scenario);
  const count = the(scenario, 'nodes')?.count ?? 1;
  const world = new World({
    seed: scenario.seed,
    historyLimit: 5,
    nodes: nodesOf(count),
    surroundings: behaviour,
    engine: { keepsJobTasks: the(scenario, 'oldEngine') !== undefined },
  });
  for (const agent of world.agents.values()) agent.has(IMAGES.old);
  world.control.create(applicationOf(scenario).before);
  world.agenda.runUntil(SETTLE_MS);
  const left = Math.max(0, ...every(scenario, 'left', 'byHand').map(({ beforeMs }) => beforeMs));
  behaviour.deployAt = world.agenda.now + left;
  behaviour.now = () => world.agenda.now;
  return world;
}

/** How programs and pulls go. The application's are well. */
class MigrationBehaviour implements Surroundings {
  deployAt = 0;
  now: () => number = () => 0;
  private starts = 0;

  constructor(private readonly scenario: MigrationScenario) {}

  program({ template }: TaskRecord): Program {
    const { scenario } = this;
    const well = { readyMs: 300, stopMs: 300, stopCode: 0 };
    if (isByHand(template)) {
      return { ...well, ends: { afterMs: the(scenario, 'byHand')!.ms, code: 0 } };
    }
    if (!isMigration(template)) return well;
    this.starts += 1;
    const hit = <F extends { times: number }>(faults: readonly F[]) =>
      faults.find(({ times }) => this.starts <= times);
    const fails = hit(every(scenario, 'fails'));
    const takes = hit(every(scenario, 'takes'))?.ms ?? TAKES_MS;
    const stops = the(scenario, 'stops');
    const ends =
      fails && fails.afterMs < takes
        ? { afterMs: fails.afterMs, code: fails.code }
        : { afterMs: takes, code: 0 };
    return {
      readyMs: 0,
      ends,
      stopMs: stops?.ms ?? 300,
      stopCode: stops?.code ?? 143,
      ...(hit(every(scenario, 'noStart')) ? { startError: 'exec: "migrate": not found in $PATH' } : {}),
    };
  }

  pull(image: string): Pull {
    if (image !== IMAGES.new) return { ms: 300, fails: false };
    const untilMs = the(this.scenario, 'noImage')?.untilMs;
    return {
      ms: the(this.scenario, 'slowPull')?.ms ?? 500,
      fails: untilMs !== undefined && this.now() < this.deployAt + untilMs,
    };
  }
}
