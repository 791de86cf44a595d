import type { Service, Task } from '../docker/answers';
import type { Docker } from '../docker/client';
import { isRunning, isWanted, since } from '../docker/snapshot';
import { isScheduled } from '../jobs/scheduled';
import { firstLineOf } from '../terminal/message-of';
import { formatAge } from '../terminal/quantities';

/** A job that waits for its times, as its own log tells. */
export interface JobStatus {
  /** Without the stack's name. */
  readonly name: string;
  /** When it runs next; null where its log does not say. */
  readonly next: string | null;
  /** The last ones, the newest first. */
  readonly runs: readonly JobRun[];
  /** Why its log could not be read, so that nobody knows of its runs; null where it was. */
  readonly problem: string | null;
}

/** One run, as `constructs/assets/job.sh` writes it. Times are ISO 8601, by the clock of the job's node. */
export interface JobRun {
  /** `lost`: its task or node went away in the middle. `interrupted`: it was stopped, and runs again. */
  readonly end: 'completed' | 'failed' | 'timedOut' | 'interrupted' | 'lost' | 'skipped';
  /** The time of the schedule that it ran for. */
  readonly due: string;
  readonly at: string;
  readonly seconds: number;
  /** Its exit status; null where it had none. */
  readonly status: number | null;
  readonly tries: number;
  readonly by: 'schedule' | 'hand';
  readonly lines: readonly string[];
}

const SHOWN = 5;
/** A program may say much between two runs, in lines of any length; the newest run is at the end. */
const LOG_LINES = 1000;
const LOG_BYTES = 1_000_000;
const LOG_SECONDS = 10;

/** What the jobs' own logs say: on whatever node, and without a command in their containers. */
export async function askJobs(
  docker: Pick<Docker, 'taskLog'>,
  { services, tasks, stack }: { services: readonly Service[]; tasks: readonly Task[]; stack: string },
): Promise<JobStatus[]> {
  const jobs: JobStatus[] = [];
  for (const service of services.filter(({ Spec }) => isScheduled(Spec))) {
    const own = tasks.filter(({ ServiceID }) => ServiceID === service.ID);
    const task = own.find((one) => isWanted(one) && isRunning(one)) ?? latest(own);
    const name = (service.Spec.Name ?? '').slice(stack.length + 1);
    jobs.push({ name, ...(await readRuns(docker, task)) });
  }
  return jobs.sort((a, b) => a.name.localeCompare(b.name));
}

async function readRuns(
  docker: Pick<Docker, 'taskLog'>,
  task: Task | undefined,
): Promise<Omit<JobStatus, 'name'>> {
  try {
    const bounds = { lastBytes: LOG_BYTES, seconds: LOG_SECONDS };
    const log = task ? await docker.taskLog(task.ID, LOG_LINES, bounds) : '';
    return { ...readJobLog(log), problem: null };
  } catch (error) {
    return { next: null, runs: [], problem: firstLineOf(error) };
  }
}

const latest = (tasks: readonly Task[]): Task | undefined =>
  [...tasks].sort((a, b) => since(b) - since(a))[0];

export function readJobLog(log: string): Pick<JobStatus, 'next' | 'runs'> {
  let next: string | null = null;
  const runs = new Map<string, JobRun>();
  for (const line of log.split('\n')) {
    const said = line.startsWith('{"job":') ? parsed(line) : undefined;
    if (typeof said?.next === 'string') next = said.next;
    if (isRun(said)) runs.set(`${said.at} ${said.by} ${said.end}`, said);
  }
  return { next, runs: [...runs.values()].slice(-SHOWN).reverse() };
}

function parsed(line: string): { readonly [field: string]: unknown } | undefined {
  try {
    return JSON.parse(line);
  } catch {
    // Cut off at the beginning of what was asked for.
    return undefined;
  }
}

/** The job's own program writes into the same log. */
const isRun = (
  said: { readonly [field: string]: unknown } | undefined,
): said is JobRun & { [field: string]: unknown } =>
  said !== undefined &&
  typeof said.end === 'string' &&
  said.end in ENDS &&
  [said.due, said.at].every((time) => typeof time === 'string' && !Number.isNaN(Date.parse(time))) &&
  [said.seconds, said.tries].every((number) => typeof number === 'number') &&
  (said.status === null || typeof said.status === 'number') &&
  (said.by === 'schedule' || said.by === 'hand') &&
  Array.isArray(said.lines) &&
  said.lines.every((one) => typeof one === 'string');

const ENDS: Readonly<Record<JobRun['end'], string>> = {
  completed: 'done',
  failed: 'FAILED',
  timedOut: 'TIMED OUT',
  interrupted: 'stopped in the middle',
  lost: 'LOST',
  skipped: 'left out',
};

const WELL: readonly JobRun['end'][] = ['completed', 'interrupted', 'skipped'];
export const isWell = ({ end }: JobRun): boolean => WELL.includes(end);

/** `done, status 0 after 12 s, 3 h ago; next in 5 h`. */
export function jobInWords({ next, runs, problem }: JobStatus, now: number): string {
  if (problem !== null) return `its log cannot be read: ${problem}`;
  const coming = next === null ? '' : `; next ${inTime(next, now)}`;
  const [last] = runs;
  return `${last ? runInWords(last, now) : 'has not run yet, as far as its log goes'}${coming}`;
}

function runInWords({ end, at, seconds, status, tries, by }: JobRun, now: number): string {
  return [
    `${ENDS[end]}${status !== null && end !== 'completed' ? ` with status ${status}` : ''}`,
    ...(end === 'skipped' || end === 'lost' ? [] : [`took ${formatAge(seconds * 1000)}`]),
    ...(tries > 1 ? [`${tries} tries`] : []),
    ...(by === 'hand' ? ['by hand'] : []),
    `${formatAge(Math.max(0, now - Date.parse(at)))} ago`,
  ].join(', ');
}

function inTime(next: string, now: number): string {
  const left = Date.parse(next) - now;
  return left > 0 ? `in ${formatAge(left)}` : 'is due';
}

/** What there is to look at: the last run that counts has failed, or nobody knows. */
export function jobWarnings(jobs: readonly JobStatus[], now: number): string[] {
  return jobs.flatMap(({ name, runs, problem }) => {
    if (problem !== null) return [`job ${name}: its log cannot be read, so nothing is known of its runs`];
    const last = runs.find(({ end }) => end !== 'skipped');
    if (!last || isWell(last)) return [];
    const words = last.lines.length > 0 ? `: ${last.lines.slice(-3).join(' | ')}` : '';
    return [`job ${name}: ${runInWords(last, now)}${words}`];
  });
}
