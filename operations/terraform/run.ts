import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { FollowedFile } from './follow-file';
import { type Diagnostic, type Message, parseMessage } from './message';
import { identityOf } from './process-start';
import { terraformCommand, terraformName, terraformProgram } from './program';
import { forgetRecord, noteRunning, outputFiles, type Running } from './running';

export interface TerraformResult {
  readonly code: number;
  readonly diagnostics: readonly Diagnostic[];
  /** Lines of standard output that were no message. */
  readonly output: string;
  readonly stderr: string;
}

export interface TerraformRun {
  readonly folder: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly onMessage?: (message: Message) => void;
  /** What it reads on standard input; of no use to `OUTLIVES`, which read nothing. @default nothing */
  readonly input?: string;
  /** Ends it in good order: nothing new is begun, the state is written. @default - none */
  readonly signal?: AbortSignal;
}

const INSTALL = {
  Terraform: 'install Terraform 1.5 or newer, or OpenTofu: docs/state.md',
  OpenTofu: 'install OpenTofu 1.10 or newer, or unset TERRAFORM_BINARY_NAME for Terraform',
};
/** Nothing may ask: a question without a terminal waits forever. */
const QUIET = { TF_INPUT: '0', CHECKPOINT_DISABLE: '1', TF_IN_AUTOMATION: '1' };

/**
 * Terraform and its providers are started for seconds, in which Go's collector takes a fifth of their processor time: it
 * begins where they hold this much memory. Who has set either keeps it.
 */
const COLLECT_LATE = { GOGC: 'off', GOMEMLIMIT: '256MiB' };

/**
 * Terraform and a provider make themselves certificates for the socket between them at each of its starts, of which a plan has
 * nine: a fifth of its time. HashiCorp has this switch for tests that start as many, and does not recommend it to people, who
 * may have any mask. The one below leaves the socket to this user, who could read the state as well. Not where go-plugin
 * opens it to a group, nor where it listens on TCP instead. Who has set it keeps it.
 */
const withoutCertificates = (): Record<string, string> =>
  process.platform === 'win32' || process.env.PLUGIN_UNIX_SOCKET_GROUP ? {} : { TF_DISABLE_PLUGIN_TLS: '1' };

/** What Terraform holds locks or changes something for: it must finish whoever reads it. */
const OUTLIVES: Readonly<Record<string, Running['what']>> = {
  plan: 'plan',
  apply: 'apply',
  'state rm -dry-run': 'wait',
};

/** @throws when there is no Terraform */
export async function terraform(args: readonly string[], run: TerraformRun): Promise<TerraformResult> {
  const what = OUTLIVES[args[0] ?? ''] ?? OUTLIVES[args.slice(0, 3).join(' ')];
  const lines = new Lines(run.onMessage);
  const code = await (what ? runToItsEnd(what, args, run, lines) : runPiped(args, run, lines));
  return { code, ...lines.result };
}

/** The JSON in an output. OpenTofu puts warnings about its own configuration before it. */
export const jsonIn = (output: string): string => output.slice(Math.max(0, output.search(/^\{/m)));

/** Sorts what Terraform writes. */
class Lines {
  private readonly diagnostics: Diagnostic[] = [];
  private readonly output: string[] = [];
  private readonly stderr: string[] = [];

  constructor(private readonly onMessage: TerraformRun['onMessage']) {}

  readonly out = (line: string): void => {
    const message = parseMessage(line);
    if (!message) this.output.push(line);
    if (message?.diagnostic) this.diagnostics.push(message.diagnostic);
    if (message) this.onMessage?.(message);
  };

  readonly err = (line: string): void => {
    this.stderr.push(line);
  };

  diagnose(diagnostic: Diagnostic): void {
    this.diagnostics.push(diagnostic);
  }

  get result(): Omit<TerraformResult, 'code'> {
    const { diagnostics, output, stderr } = this;
    return { diagnostics, output: output.join('\n'), stderr: stderr.join('\n') };
  }
}

/**
 * Terraform writes to files and not to us: a pipe whose reader is killed would end it by SIGPIPE in the middle of its
 * work, with the state not written and its lock held. Whoever comes next finds the record.
 */
async function runToItsEnd(
  what: Running['what'],
  args: readonly string[],
  run: TerraformRun,
  lines: Lines,
): Promise<number> {
  const { stdout, stderr } = outputFiles(run.folder);
  mkdirSync(dirname(stdout), { recursive: true });
  const files = [stdout, stderr].map((path) => openSync(path, 'w', 0o600));
  const followed = [new FollowedFile(stdout, lines.out), new FollowedFile(stderr, lines.err)];
  try {
    const child = start(args, run, ['ignore', files[0]!, files[1]!]);
    for (const file of files) closeSync(file);
    const failure = note(child, what, run.folder);
    if (!failure) return await endOf(child, run.signal);
    // Unknown to whoever comes next it must not go on without us. Once only: a second interrupt would drop its state.
    child.kill('SIGINT');
    const code = await endOf(child);
    if (code !== 0) lines.diagnose(failure);
    return code;
  } finally {
    for (const file of followed) file.end();
    forgetRecord(run.folder);
  }
}

/** @returns why it could not be noted, where it runs */
function note({ pid }: ChildProcess, what: Running['what'], folder: string): Diagnostic | undefined {
  if (pid === undefined) return undefined;
  const program = terraformCommand();
  const since = `${new Date().toISOString().slice(0, 19)}Z`;
  try {
    noteRunning(folder, { pid, start: identityOf(pid), what, program, since });
    return undefined;
  } catch (error) {
    return {
      severity: 'error',
      summary: `${program} ${what} was interrupted, for this machine could not note that it runs: ${(error as Error).message}`,
      detail: `make room on its disk, and see that ${join(folder, '.terraform')} can be written; then run this again`,
    };
  }
}

/** What may end with us, and prints what no file should hold. */
function runPiped(args: readonly string[], run: TerraformRun, lines: Lines): Promise<number> {
  const child = start(args, run, [run.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe']);
  // One that ends before it has read all says why itself.
  child.stdin?.on('error', () => {}).end(run.input);
  createInterface({ input: child.stdout! }).on('line', lines.out);
  createInterface({ input: child.stderr! }).on('line', lines.err);
  return endOf(child, run.signal);
}

function start(args: readonly string[], { folder, env }: TerraformRun, stdio: StdioOptions): ChildProcess {
  // Plans and states hold secrets, and providers are told them: files and sockets are for this user alone.
  const mask = process.umask(0o077);
  try {
    return spawn(terraformProgram(), args, {
      cwd: folder,
      env: { ...COLLECT_LATE, ...withoutCertificates(), ...process.env, ...QUIET, ...env },
      stdio,
      // Out of reach of the terminal's Ctrl-C: after a second interrupt Terraform drops its state, so it must get only one.
      detached: true,
    });
  } finally {
    process.umask(mask);
  }
}

async function endOf(child: ChildProcess, signal?: AbortSignal): Promise<number> {
  const interrupt = () => child.kill('SIGINT');
  if (signal?.aborted) interrupt();
  signal?.addEventListener('abort', interrupt, { once: true });
  try {
    return await new Promise<number>((resolve, reject) => {
      child.once('error', (error: NodeJS.ErrnoException) =>
        reject(
          error.code === 'ENOENT'
            ? new Error(`there is no ${terraformProgram()} on this machine\n  ${INSTALL[terraformName()]}`)
            : error,
        ),
      );
      child.once('close', (status, ended) => resolve(status ?? (ended ? 130 : 1)));
    });
  } finally {
    signal?.removeEventListener('abort', interrupt);
  }
}
