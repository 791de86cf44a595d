import type { Task } from '../docker/answers';
import { PULL_SECONDS } from '../rollout/deadline';

/** How a job ended. */
export interface JobEnd {
  /**
   * - `completed`: with status 0
   * - `failed`: with another one, or it could not be started
   * - `timedOut`: it ran for longer than it may
   * - `stopped`: by a signal that was passed on
   * - `removed`: by somebody else
   * - `notStarted`: no node took it, or its image did not come in time
   * - `lost`: its node is down, and nobody knows whether its program goes on
   */
  readonly outcome: 'completed' | 'failed' | 'timedOut' | 'stopped' | 'removed' | 'notStarted' | 'lost';
  /** Its program's; absent where it had none. */
  readonly exitCode?: number;
  /** How long its program ran. */
  readonly seconds: number;
  /** Its last lines, without what is secret in them. */
  readonly log?: readonly string[];
  /** Why not all that it said was passed on; absent where all was, or nobody wanted it. */
  readonly unheard?: string;
  readonly outOfMemory?: boolean;
  readonly node?: string;
  readonly task?: Task;
}

export interface SeenJob {
  /** Its only task; the first, where Swarm has made more. */
  readonly task: Task | undefined;
  /** The task is not there any more. */
  readonly gone: boolean;
  /** Seconds since the job was made. */
  readonly waited: number;
  /** Seconds since its program was first seen to run. */
  readonly ran: number | undefined;
  readonly timeoutSeconds: number;
  /** The task is not in the last answer, or the server was out of reach until just now: how it is will be heard yet. */
  readonly maybeOld: boolean;
  /** Its node is down, and has been for a while. */
  readonly nodeLost: boolean;
  /** A signal that was passed on. */
  readonly asked: NodeJS.Signals | undefined;
}

/** For a node that is found, and a task that is made. */
const START_SECONDS = 60;

/** @returns undefined as long as it is under way */
export function judgeJob(seen: SeenJob): JobEnd | undefined {
  const { task, gone, waited, ran, timeoutSeconds, maybeOld, nodeLost, asked } = seen;
  const known = { seconds: ran ?? 0, ...(task ? { task } : {}) };
  const exitCode = task && exitCodeOf(task);
  const ended = { ...known, ...(exitCode === undefined ? {} : { exitCode }) };
  if (gone) return { ...ended, outcome: asked ? 'stopped' : 'removed' };
  if (!task) return waited > START_SECONDS ? { ...known, outcome: 'notStarted' } : undefined;
  const { State } = task.Status;
  switch (State) {
    case 'complete':
      return { ...ended, exitCode: 0, outcome: 'completed' };
    case 'failed':
    case 'rejected':
      return { ...ended, outcome: asked ? 'stopped' : 'failed' };
    // What Swarm makes of it a day after its node was lost.
    case 'orphaned':
      return { ...known, outcome: 'lost' };
    case 'shutdown':
    case 'remove':
      return { ...ended, outcome: asked ? 'stopped' : 'removed' };
    case 'running':
      if (nodeLost) return { ...known, outcome: 'lost' };
      return ran !== undefined && ran > timeoutSeconds && !maybeOld
        ? { ...known, outcome: 'timedOut' }
        : undefined;
    default:
      if (nodeLost) return { ...known, outcome: 'lost' };
      return waited > (State === 'preparing' ? PULL_SECONDS : START_SECONDS) + START_SECONDS
        ? { ...known, outcome: 'notStarted' }
        : undefined;
  }
}

/** Docker has 0 or -1 where a program never ran. */
function exitCodeOf({ Status: { State, ContainerStatus, Err = '' } }: Task): number | undefined {
  if (State === 'rejected') return undefined;
  const code = ContainerStatus?.ExitCode ?? Number(/non-zero exit \((\d+)\)/.exec(Err)?.[1] ?? Number.NaN);
  return Number.isNaN(code) || code < 0 || (code === 0 && State !== 'complete') ? undefined : code;
}
