import type { Outcome } from '../../../contract/outcome';
import { SwarmClient } from '../../../operations/docker/swarm-client';
import { type JobStepRun, runJobStep } from '../../../operations/jobs/main';
import { Redactor } from '../../../operations/redact/redactor';
import { currentTimings } from '../../../operations/rollout/current-spec';
import { limitsOf } from '../../../operations/rollout/deadline';
import { watch } from '../../../operations/rollout/watch';
import { SimulatedDocker } from '../api/docker';
import { Line, type Trouble } from '../api/line';
import { EPOCH } from '../api/views';
import type { Actor } from '../kernel/stage';
import { planOf, SERVICE } from '../scenario/spec';
import type { Spec } from '../swarm/records';
import type { World } from '../world/world';
import { applicationOf, settingsOf } from './build';
import type { MigrationScenario } from './ingredients';

/** What Terraform remembers of a deploy that has come to its end, or so far. */
export interface State {
  migrated: boolean;
}

/** One run of the tool, for the judge. */
export interface Deployed {
  readonly actor: Actor;
  readonly began: number;
  /** With which word it ended; undefined where it was killed, or goes on. */
  verdict?: 'success' | 'failure';
  ended?: number;
  step?: {
    readonly began: number;
    ended?: number;
    code?: number;
    /** Jobs that were made by it. */
    readonly made: readonly string[];
    readonly said: string[];
    readonly errors: string[];
  };
  /** When it asked for the new version of the application. */
  rolledAt?: number;
  outcome?: Outcome;
  /** What was thrown, which is our own fault. */
  thrown?: unknown;
}

/** What runs a migration: the product's own step, where no test puts a faulty one in its place. */
export type Step = (run: JobStepRun) => Promise<number>;

export interface DeployRun {
  readonly world: World;
  readonly scenario: MigrationScenario;
  readonly state: State;
  readonly troubles: readonly Trouble[];
  readonly signals?: NodeJS.Signals[];
  /** @default the product's */
  readonly step?: Step | undefined;
}

/** As Terraform applies the graph: the migration, then the application, then its gate. */
export async function deploy(run: DeployRun, actor: Actor, told: Deployed): Promise<void> {
  try {
    told.verdict = (await apply(run, actor, told)) ? 'success' : 'failure';
  } catch (thrown) {
    told.thrown = thrown;
    told.verdict = 'failure';
  }
  told.ended = actor.now();
}

async function apply(run: DeployRun, actor: Actor, told: Deployed): Promise<boolean> {
  const { world, scenario, state, troubles } = run;
  const line = new Line(world.agenda, world.random, troubles, () => world.manager.leads, actor);
  const docker = new SimulatedDocker(world, line);
  if (!state.migrated) {
    if ((await migrate(run, docker, actor, told)) !== 0) return false;
    state.migrated = true;
  }
  const { after } = applicationOf(scenario);
  const rolls = await roll(docker, after, actor, told);
  if (rolls === undefined) return false;
  told.outcome = rolls ? await gate(docker, after, actor) : 'converged';
  return told.outcome === 'converged';
}

/** What the launcher of steps gives each of them, but for secrets. */
async function migrate(
  { scenario, signals = [], step = runJobStep }: DeployRun,
  docker: SimulatedDocker,
  actor: Actor,
  told: Deployed,
): Promise<number> {
  const own: NonNullable<Deployed['step']> = {
    began: actor.now(),
    made: docker.made,
    said: [],
    errors: [],
  };
  told.step = own;
  // No login of whoever runs this.
  const env = { JOB: JSON.stringify(settingsOf(scenario)), DOCKER_CONFIG: '/nowhere' };
  own.code = await step({
    env,
    signals,
    print: (line) => own.said.push(line),
    printError: (line) => own.errors.push(line),
    simulated: { docker, clock: actor },
  });
  own.ended = actor.now();
  return own.code;
}

/** As Terraform's provider does it, who gives up when an answer fails. @returns whether anything was to do */
async function roll(
  docker: SimulatedDocker,
  spec: Spec,
  actor: Actor,
  told: Deployed,
): Promise<boolean | undefined> {
  try {
    const present = await docker.service(SERVICE);
    if (JSON.stringify(present.Spec) === JSON.stringify(spec)) return false;
    told.rolledAt = actor.now();
    await docker.updateService(present.ID, present.Version.Index, spec);
    return true;
  } catch {
    return undefined;
  }
}

const NOTHING_SECRET = new Redactor();
const OBSERVE_SECONDS = 5;
const DEADLINE_SECONDS = 60;

async function gate(docker: SimulatedDocker, spec: Spec, actor: Actor): Promise<Outcome> {
  const planned = planOf(spec);
  const timings = {
    ...currentTimings({ Spec: spec }),
    observeSeconds: OBSERVE_SECONDS,
    deadlineSeconds: DEADLINE_SECONDS,
  };
  const swarm = new SwarmClient({
    host: 'ssh://root@vps.example',
    redactor: NOTHING_SECRET,
    simulated: { docker, now: () => EPOCH + actor.now() },
  });
  const { outcome } = await watch({
    service: SERVICE,
    swarm,
    clock: actor,
    measure: {
      planned,
      ...limitsOf(timings, planned.replicas),
      mayRollBack: true,
      mayResume: true,
      judgeStatus: false,
    },
    onProgress: () => {},
  });
  return outcome;
}
