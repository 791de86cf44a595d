import { ConnectionError } from '../docker/explain';
import { redactorHere } from '../inputs/redactor-here';
import type { Redactor } from '../redact/redactor';
import { paintFor } from '../terminal/paint';
import { type Room, Screen } from '../terminal/screen';
import { columnsOf, drawnOn } from '../terminal/terminal';
import { UsageError } from '../terminal/usage-error';
import { assess } from './assess';
import { Gatherer } from './gather';
import type { Status } from './model';
import type { StatusOptions } from './options';
import { render } from './text';

const EXIT = { well: 0, notWell: 1, unreachable: 6, usage: 64 } as const;
const EVERY_MS = 2_000;

/** What Docker says of a failed task may hold its arguments and settings. */
function withoutSecrets(status: Status, redactor: Redactor): Status {
  const hide = (text: string | null) => (text === null ? null : redactor.show(text));
  const services = status.services.map((service) => ({
    ...service,
    problem: hide(service.problem),
    rollout: { ...service.rollout, message: hide(service.rollout.message) },
  }));
  const jobs = status.jobs.map((job) => ({
    ...job,
    problem: hide(job.problem),
    runs: job.runs.map((run) => ({ ...run, lines: run.lines.map((line) => redactor.show(line)) })),
  }));
  // A backup quotes what its repository said.
  const backup = status.backup && {
    ...status.backup,
    problems: status.backup.problems.map((problem) => redactor.show(problem)),
  };
  const warnings = status.warnings.map((warning) => redactor.show(warning));
  return { ...status, services, jobs, backup, warnings };
}

/** @throws {UsageError} when there is no such stack */
async function readStatus(gatherer: Gatherer, wish: StatusOptions, redactor: Redactor): Promise<Status> {
  const status = assess(await gatherer.look(), wish);
  if (status.services.length > 0) return withoutSecrets(status, redactor);
  throw new UsageError(
    `there is no stack ${wish.stack} at ${wish.target.host}\nsee \`docker stack ls\`, or name it with --stack`,
  );
}

const codeOf = (error: unknown): number | undefined => {
  if (error instanceof ConnectionError) return EXIT.unreachable;
  return error instanceof UsageError ? EXIT.usage : undefined;
};

function show(status: Status, wish: StatusOptions, room: Room): string {
  if (wish.json) return JSON.stringify(status);
  return render(status, paintFor(process.stdout.isTTY, process.env), room);
}

/** Looks until it is ended from outside. A lost connection, or a stack that is removed and deployed again, is waited out. */
async function watch(gatherer: Gatherer, wish: StatusOptions, redactor: Redactor): Promise<number> {
  const screen = new Screen(drawnOn(process.stdout, process.env));
  let code: number = EXIT.well;
  let ended = false;
  let wake = () => {};
  const end = () => {
    ended = true;
    wake();
    // Whatever a request still waits for.
    gatherer.close();
  };
  process.once('SIGINT', end).once('SIGTERM', end);
  // Nobody watches any more.
  process.stdout.once('error', end);
  while (!ended) {
    try {
      const status = await readStatus(gatherer, wish, redactor);
      code = status.ok ? EXIT.well : EXIT.notWell;
      const text = show(status, wish, screen.room);
      if (wish.json) process.stdout.write(`${text}\n`);
      else screen.show(text);
    } catch (error) {
      const known = codeOf(error);
      if (ended) break;
      if (known === undefined) throw error;
      code = known;
      if (wish.json) process.stderr.write(`${(error as Error).message}\n`);
      else screen.show((error as Error).message);
      if (error instanceof ConnectionError) gatherer.reconnect();
    }
    if (ended) break;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, EVERY_MS);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
  return code;
}

/** In this process: it owns the signals and standard output. Resolves to the exit code. */
export async function runStatus(options: StatusOptions): Promise<number> {
  const redactor = redactorHere(process.env, options.target.derived);
  const gatherer = new Gatherer(options);
  try {
    if (options.watch) return await watch(gatherer, options, redactor);
    const status = await readStatus(gatherer, options, redactor);
    process.stdout.write(`${show(status, options, { columns: columnsOf(process.stdout) })}\n`);
    return status.ok ? EXIT.well : EXIT.notWell;
  } catch (error) {
    const code = codeOf(error);
    if (code === undefined) throw error;
    process.stderr.write(`${(error as Error).message}\n`);
    return code;
  } finally {
    gatherer.close();
  }
}
