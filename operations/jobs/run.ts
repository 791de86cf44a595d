import { setTimeout as sleep } from 'node:timers/promises';
import type { Task } from '../docker/answers';
import type { Docker } from '../docker/client';
import { evidenceOf } from '../docker/evidence';
import { ConnectionError, isRefusal } from '../docker/explain';
import { removeJob, stopJob } from '../docker/job/remove';
import type { Redactor } from '../redact/redactor';
import { firstLineOf } from '../terminal/message-of';
import { type JobEnd, judgeJob } from './judge';
import { removeLeft, UnderWay } from './left';
import { JobLog } from './log';
import { TaskNode } from './node';
import { type Output, SafeOutput } from './output';
import { type Job, jobName, jobSpec } from './spec';

/** What a run needs from outside. */
export interface JobRun {
  readonly docker: Docker;
  readonly redactor: Redactor;
  /** To the image's registry. @default none */
  readonly login?: object | undefined;
  /** Where all that the job says goes. @default nowhere: the end has its last lines */
  readonly output?: Output | undefined;
  /** Signals for its program, which are taken out one by one. @default none */
  readonly signals?: NodeJS.Signals[] | undefined;
  /** What is done beside, such as what an earlier run left. @default not told */
  readonly say?: ((line: string) => void) | undefined;
  /** @default the real one */
  readonly clock?: { now(): number; sleep(milliseconds: number): Promise<unknown> } | undefined;
}

const POLL_MS = 500;
/** A manager that was the leader until now answers from before for a moment. */
const GONE_SECONDS = 6;
/** A daemon that is back hears from its nodes within so long how their tasks are. */
const NEWS_SECONDS = 15;
/** For how long the server may be out of reach: a daemon that restarts, a network that is cut. */
const LOST_SECONDS = 120;

/**
 * Runs a job to its end, and removes it whatever that is; what earlier ones left goes, too.
 *
 * @throws ConnectionError where the server cannot be asked, {UnderWay} where somebody else runs it, and Docker's own where it
 * refuses the job
 */
export async function runJob(job: Job, run: JobRun): Promise<JobEnd> {
  const { docker } = run;
  const now = (await docker.clock()) ?? Date.now();
  const name = jobName(job);
  for (const left of await removeLeft(docker, { ...job, name }, now, run.clock?.sleep))
    run.say?.(`removed ${left}, which an earlier run left`);
  const id = await create(job, now, run);
  try {
    return await new Watch(id, job, run).untilEnd();
  } finally {
    // This one, and none of its name: somebody who runs it again meanwhile has removed this one, and made another. What comes
    // after does not meet its program, which has stopped then.
    await removeJob(docker, id, run.clock?.sleep);
  }
}

/** @returns its id */
async function create(job: Job, now: number, run: JobRun): Promise<string> {
  const name = jobName(job);
  try {
    return await run.docker.createService(jobSpec(job, now), run.login);
  } catch (error) {
    // It may have been made while the connection broke, and then its id is not known.
    if (error instanceof ConnectionError) await removeNamed(run, name);
    if (!isRefusal(error) || error.statusCode !== 409) throw error;
    throw new UnderWay(name);
  }
}

async function removeNamed({ docker, clock }: JobRun, name: string): Promise<void> {
  const jobs = await docker.jobs().catch((error: unknown) => {
    if (!(error instanceof ConnectionError)) throw error;
    docker.reconnect();
    return docker.jobs();
  });
  for (const { ID, Spec } of jobs) if (Spec.Name === name) await removeJob(docker, ID, clock?.sleep);
}

/** One job from its making to its end. */
class Watch {
  private readonly clock: NonNullable<JobRun['clock']>;
  private readonly began: number;
  private readonly safe: SafeOutput | undefined;
  private readonly node: TaskNode;
  private log: JobLog | undefined;
  private running: number | undefined;
  private lost: number | undefined;
  private back: number | undefined;
  private missed: number | undefined;
  private seen: Task | undefined;
  private asked: NodeJS.Signals | undefined;

  constructor(
    private readonly id: string,
    private readonly job: Job,
    private readonly run: JobRun,
  ) {
    this.clock = run.clock ?? { now: () => performance.now(), sleep };
    this.began = this.clock.now();
    this.node = new TaskNode(run.docker, () => this.clock.now());
    this.safe = run.output && new SafeOutput(run.output, run.redactor);
  }

  async untilEnd(): Promise<JobEnd> {
    try {
      for (;;) {
        const end = await this.look();
        if (end) return end;
        await this.clock.sleep(POLL_MS);
      }
    } finally {
      this.log?.stop();
      this.safe?.end();
    }
  }

  private async look(): Promise<JobEnd | undefined> {
    const { docker } = this.run;
    // Before its task: one that has ended meanwhile is not lost.
    const nodeLost = this.seen !== undefined && (await this.node.isLost(this.seen));
    let tasks: Task[];
    try {
      tasks = await docker.tasks({ service: [this.id] });
      if (this.lost !== undefined) this.back = this.clock.now();
      this.lost = undefined;
      await this.passOn();
    } catch (error) {
      if (!(error instanceof ConnectionError) || !error.mayPass) throw error;
      this.lost ??= this.clock.now();
      if (this.secondsSince(this.lost) > LOST_SECONDS) throw error;
      docker.reconnect();
      return undefined;
    }
    // The first: Swarm may make another one before the job is removed.
    const [task] = [...tasks].sort((a, b) => Date.parse(a.CreatedAt) - Date.parse(b.CreatedAt));
    const gone = task === undefined && this.isGone();
    if (task) this.missed = undefined;
    this.seen = task ?? this.seen;
    if (task?.Status.State === 'running') this.running ??= this.clock.now();
    if (task?.Status.ContainerStatus?.ContainerID) this.follow(task);
    const end = judgeJob({
      task: this.seen,
      gone,
      waited: this.secondsSince(this.began),
      ran: this.running === undefined ? undefined : this.secondsSince(this.running),
      timeoutSeconds: this.job.timeoutSeconds,
      maybeOld:
        this.missed !== undefined || (this.back !== undefined && this.secondsSince(this.back) < NEWS_SECONDS),
      nodeLost,
      asked: this.asked,
    });
    if (!end) return undefined;
    if (!this.seen) return end;
    const unheard = this.log && (await this.rest(this.log, end));
    const { log, outOfMemory, node } = await evidenceOf(docker, this.seen, this.run.redactor);
    return {
      ...end,
      log,
      outOfMemory,
      ...(node ? { node } : {}),
      ...(unheard === undefined ? {} : { unheard: this.run.redactor.show(firstLineOf(unheard)) }),
    };
  }

  /** Its task is not there at this look. */
  private isGone(): boolean {
    if (this.asked) return true;
    if (!this.seen) return false;
    this.missed ??= this.clock.now();
    return this.secondsSince(this.missed) > GONE_SECONDS;
  }

  /** The program's own node alone can be told; elsewhere the job is stopped, with the signal that its service has. */
  private async passOn(): Promise<void> {
    const { docker, signals } = this.run;
    const signal = signals?.[0];
    if (!signal) return;
    const again = this.asked !== undefined;
    const container = this.seen?.Status.ContainerStatus?.ContainerID;
    const { Swarm } = await docker.info();
    if (!again && container && this.seen?.NodeID === Swarm?.NodeID) {
      await docker.signalContainer(container, signal).catch((error: { statusCode?: number }) => {
        // It has ended meanwhile.
        if (error.statusCode !== 409 && error.statusCode !== 404) throw error;
      });
    } else await stopJob(docker, this.id, this.run.clock?.sleep);
    // Where the server could not be told it is told at the next look.
    signals.shift();
    this.asked = signal;
  }

  private follow({ ID }: Task): void {
    if (!this.safe) return;
    this.log ??= new JobLog(ID, this.run.docker, this.safe, this.clock);
    this.log.follow();
  }

  /** @returns why not all of it was passed on */
  private async rest(log: JobLog, { outcome }: JobEnd): Promise<unknown> {
    if (outcome === 'lost') return new Error('its node is down');
    const { signals = [] } = this.run;
    const before = signals.length;
    return log.rest(() => signals.length > before);
  }

  private secondsSince(time: number): number {
    return (this.clock.now() - time) / 1000;
  }
}
