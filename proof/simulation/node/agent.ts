import type { Agenda, Appointment } from '../kernel/agenda';
import type { Random } from '../kernel/random';
import { beyond, STATES, type State, type TaskRecord, type TaskStatus } from '../swarm/records';
import { healthOf, type Program, type Pull, stopOf } from './program';

/** What the engine of one node meets. */
export interface Surroundings {
  program(task: TaskRecord, node: string): Program;
  pull(image: string, node: string): Pull;
}

interface Local {
  task: TaskRecord;
  status: TaskStatus;
  /** Steps of what goes on; they are called off when something else is wanted. */
  steps: Appointment[];
  program?: Program;
  /** When its container was started. */
  startedAt?: number;
  /** Its container has ended, with this code. */
  exit?: number;
  run?: Run;
}

/** One run of a task's program, as it really was, whoever knows of it. */
export interface Run {
  readonly task: TaskRecord;
  readonly node: string;
  readonly container: string;
  readonly from: number;
  /** Undefined while it runs. */
  to?: number;
  code?: number;
  /** When its container was removed. */
  goneAt?: number;
}

/** agent/task.go: what is interrupted comes back with "retry", which waits this long. */
const RETRY_MS = 1_000;

/** The agent of one node with its engine: agent/task.go and agent/exec/controller.go of swarmkit, controller.go of moby. */
export class Agent {
  private readonly locals = new Map<string, Local>();
  private readonly images = new Map<string, number>();
  private containers = 0;
  /** The engine runs. */
  up = true;
  readonly runs: Run[] = [];

  constructor(
    readonly id: string,
    private readonly agenda: Agenda,
    private readonly random: Random,
    private readonly surroundings: Surroundings,
    /** This node's clock minus true time. */
    readonly clock: number,
    private readonly report: (taskId: string, status: TaskStatus) => void,
  ) {}

  has(image: string): void {
    this.images.set(image, 0);
  }

  /** All that the agent knows of its tasks, for a new session with a manager. */
  *statuses(): Iterable<[string, TaskStatus]> {
    for (const [id, { status }] of this.locals) yield [id, status];
  }

  /** An assignment, new or changed. */
  assign(task: TaskRecord): void {
    if (!this.up) return;
    const known = this.locals.get(task.id);
    if (!known) {
      if (beyond(task.status.state, 'running')) return;
      const made: Local = { task, status: task.status, steps: [] };
      this.locals.set(task.id, made);
      this.proceed(made);
      return;
    }
    if (STATES[task.desired] <= STATES[known.task.desired]) return;
    known.task = { ...task, status: known.status };
    if (known.steps.length === 0) {
      this.proceed(known);
      return;
    }
    stop(known);
    this.step(known, RETRY_MS, () => this.proceed(known));
  }

  /** The manager has forgotten it. */
  forget(taskId: string): void {
    const known = this.locals.get(taskId);
    if (known) {
      stop(known);
      if (runs(known)) {
        const { ms, code } = stopOf(known.program!, known.task.template);
        this.ended(known, code, ms);
      }
      if (known.run) known.run.goneAt ??= Math.max(this.agenda.now, known.run.to ?? 0);
    }
    this.locals.delete(taskId);
  }

  /** `docker kill` with a signal that asks. @returns whether the container runs */
  signal(containerId: string): boolean {
    const local = [...this.locals.values()].find(({ status }) => status.containerId === containerId);
    if (!local || !runs(local)) return false;
    const { stopMs, stopCode } = local.program!;
    if (stopMs < Number.POSITIVE_INFINITY) {
      stop(local);
      this.step(local, stopMs, () => this.died(local, stopCode));
    }
    return true;
  }

  /** `docker rm`. @returns what is in the way */
  remove(containerId: string): 'runs' | 'missing' | undefined {
    const run = this.runs.find(({ container }) => container === containerId);
    if (!run || run.goneAt !== undefined) return 'missing';
    if (run.to === undefined || run.to > this.agenda.now) return 'runs';
    run.goneAt = this.agenda.now;
    return undefined;
  }

  /** The engine ends, and every container with it. */
  kill(): void {
    this.up = false;
    for (const local of this.locals.values()) {
      stop(local);
      if (local.startedAt !== undefined && local.exit === undefined) this.ended(local, 137);
    }
  }

  boot(): void {
    this.up = true;
    for (const local of this.locals.values()) this.proceed(local);
  }

  /** Containers that run, with what their health checks say. */
  *running(): Iterable<[taskId: string, health: 'healthy' | 'unhealthy' | 'starting' | undefined]> {
    for (const [id, { program, startedAt, exit, task }] of this.locals) {
      if (!program || startedAt === undefined || exit !== undefined) continue;
      const ran = this.agenda.now - startedAt;
      const health = healthOf(program, task.template);
      if (!health) yield [id, undefined];
      else if (health.sickAt !== undefined && ran >= health.sickAt) yield [id, 'unhealthy'];
      else yield [id, health.healthyAt !== undefined && ran >= health.healthyAt ? 'healthy' : 'starting'];
    }
  }

  /** What is known of a container, for `docker inspect`. */
  inspect(taskId: string): { readonly outOfMemory: boolean; readonly sick: boolean } | undefined {
    const local = this.locals.get(taskId);
    if (local?.startedAt === undefined) return undefined;
    const { program, exit } = local;
    const health = program && healthOf(program, local.task.template);
    return {
      outOfMemory: Boolean(exit !== undefined && exit === program?.ends?.code && program.ends.outOfMemory),
      sick: health?.sickAt !== undefined && this.agenda.now - local.startedAt >= health.sickAt,
    };
  }

  /** exec.Do: the next step on the way to what is desired. */
  private proceed(local: Local): void {
    const { desired } = local.task;
    const { state } = local.status;
    if (STATES[desired] >= STATES.shutdown) {
      if (STATES[state] < STATES.complete) this.shutdown(local);
      return;
    }
    if (beyond(state, desired)) return;
    if (state === 'preparing') {
      this.prepare(local);
      return;
    }
    if (state === 'starting') {
      this.start(local);
      return;
    }
    if (state === 'running') {
      this.wait(local);
      return;
    }
    if (STATES[state] >= STATES[desired]) return;
    const next = { assigned: 'accepted', accepted: 'preparing', ready: 'starting' }[state as string];
    if (!next) return;
    this.step(local, this.random.int(1, 10), () => this.move(local, next as State, next));
  }

  /** controller.go of moby, Prepare: a pull that fails matters only where the image is not there. */
  private prepare(local: Local): void {
    const image = local.task.template.ContainerSpec.Image;
    const pull = this.surroundings.pull(image, this.id);
    const there = this.images.get(image);
    if (there === undefined && !pull.fails) this.images.set(image, this.agenda.now + pull.ms);
    const left = Math.max(0, (this.images.get(image) ?? 0) - this.agenda.now);
    const ms = this.images.has(image) ? left + this.random.int(30, 200) : pull.ms;
    this.step(local, ms, () => {
      if (this.images.has(image)) this.move(local, 'ready', 'prepared');
      else this.fail(local, 'rejected', `No such image: ${image}`);
    });
  }

  /** Start: with a health check a task runs from when it is healthy. */
  private start(local: Local): void {
    const { now } = this.agenda;
    if (local.startedAt === undefined) {
      local.program = this.surroundings.program(local.task, this.id);
      this.containers += 1;
      local.status = { ...local.status, containerId: `${this.id}c${this.containers}` };
      if (local.program.startError) {
        const { startError } = local.program;
        this.step(local, 50, () => this.fail(local, 'failed', `starting container failed: ${startError}`));
        return;
      }
      local.startedAt = now;
      const container = local.status.containerId!;
      local.run = { task: local.task, node: this.id, container, from: now };
      this.runs.push(local.run);
    } else if (local.status.state === 'starting') {
      // A container that was started before: Start has nothing to do, and does not wait for its health.
      this.step(local, 1, () => this.move(local, 'running', 'started'));
      return;
    }
    const program = local.program!;
    const health = healthOf(program, local.task.template);
    const ready = health ? health.healthyAt : this.random.int(50, 300);
    const ends = program.ends?.afterMs ?? Number.POSITIVE_INFINITY;
    if (ready !== undefined && ready <= ends) {
      this.step(local, ready, () => this.move(local, 'running', 'started'));
      return;
    }
    if (ends <= (health?.sickAt ?? Number.POSITIVE_INFINITY)) {
      this.step(local, ends, () => this.died(local, program.ends!.code));
      return;
    }
    this.unhealthy(local, health!.sickAt!);
  }

  /** Wait */
  private wait(local: Local): void {
    const { program, startedAt, exit } = local;
    if (exit !== undefined || !program || startedAt === undefined) {
      this.step(local, 1, () => this.died(local, exit ?? 137));
      return;
    }
    const ran = this.agenda.now - startedAt;
    const ends = (program.ends?.afterMs ?? Number.POSITIVE_INFINITY) - ran;
    const sick = (healthOf(program, local.task.template)?.sickAt ?? Number.POSITIVE_INFINITY) - ran;
    if (ends <= sick && ends < Number.POSITIVE_INFINITY) {
      this.step(local, Math.max(1, ends), () => this.died(local, program.ends!.code));
    } else if (sick < Number.POSITIVE_INFINITY) this.unhealthy(local, Math.max(1, sick));
    // Something goes on all the same: whatever comes interrupts it.
    else local.steps.push({ at: Number.POSITIVE_INFINITY, order: 0, work: undefined });
  }

  private unhealthy(local: Local, ms: number): void {
    const { ms: stopMs, code } = stopOf(local.program!, local.task.template);
    this.step(local, ms + stopMs, () => this.died(local, code, ': dockerexec: unhealthy container'));
  }

  /** The container has ended by itself. One that ends well while it starts counts as started first. */
  private died(local: Local, code: number, cause = ''): void {
    if (local.exit === undefined) this.ended(local, code);
    local.status = { ...local.status, exitCode: code };
    if (code !== 0) {
      this.fail(local, 'failed', `task: non-zero exit (${code})${cause}`);
      return;
    }
    if (local.status.state === 'starting') this.move(local, 'running', 'started');
    else this.move(local, 'complete', 'finished');
  }

  private shutdown(local: Local): void {
    const { ms, code } = runs(local)
      ? stopOf(local.program!, local.task.template)
      : { ms: 10, code: undefined };
    this.step(local, ms + this.random.int(5, 60), () => {
      if (code !== undefined) this.ended(local, code);
      this.move(local, 'shutdown', 'shutdown');
    });
  }

  /** @param ms from now on */
  private ended(local: Local, code: number, ms = 0): void {
    local.exit = code;
    if (!local.run) return;
    local.run.to = this.agenda.now + ms;
    local.run.code = code;
  }

  private move(local: Local, state: State, message: string): void {
    const { err: _, ...status } = local.status;
    local.status = { ...status, state, message, timestamp: this.agenda.now + this.clock };
    this.report(local.task.id, local.status);
    this.proceed(local);
  }

  private fail(local: Local, state: State, err: string): void {
    local.status = { ...local.status, state, err, timestamp: this.agenda.now + this.clock };
    this.report(local.task.id, local.status);
    this.proceed(local);
  }

  private step(local: Local, ms: number, work: () => void): void {
    local.steps = [
      this.agenda.after(ms, () => {
        local.steps = [];
        work();
      }),
    ];
  }
}

const runs = ({ program, startedAt, exit }: Local): boolean =>
  program !== undefined && startedAt !== undefined && exit === undefined;

function stop(local: Local): void {
  for (const step of local.steps) step.work = undefined;
  local.steps = [];
}
