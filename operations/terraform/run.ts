import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** One line of `terraform … -json`, as far as it is used here. */
export interface Message {
  readonly type?: string;
  readonly '@message'?: string;
  readonly diagnostic?: Diagnostic;
  readonly hook?: {
    readonly resource?: {
      readonly addr?: string;
      readonly resource_type?: string;
      readonly resource_key?: unknown;
    };
    readonly action?: string;
    readonly output?: string;
  };
  /** With `planned_change`. */
  readonly change?: {
    readonly resource: { readonly addr: string };
    readonly action: string;
    readonly importing?: object;
  };
}

export interface Diagnostic {
  readonly severity: 'error' | 'warning';
  readonly summary: string;
  readonly detail?: string;
  readonly address?: string;
}

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
  /** Ends it in good order: nothing new is begun, the state is written. @default - none */
  readonly signal?: AbortSignal;
}

const program = () => process.env.TERRAFORM_BINARY_NAME || 'terraform';
/** Nothing may ask: a question without a terminal waits for ever. */
const QUIET = { TF_INPUT: '0', CHECKPOINT_DISABLE: '1', TF_IN_AUTOMATION: '1' };

/** @throws when there is no Terraform */
export async function terraform(args: readonly string[], run: TerraformRun): Promise<TerraformResult> {
  // Plans and states hold secrets: what Terraform writes is for this user alone.
  const mask = process.umask(0o077);
  const child = spawn(program(), args, {
    cwd: run.folder,
    env: { ...process.env, ...QUIET, ...run.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    // Out of reach of the terminal's Ctrl-C: a second interrupt makes Terraform drop its state, and it shall get one.
    detached: true,
  });
  process.umask(mask);
  const diagnostics: Diagnostic[] = [];
  const output: string[] = [];
  const stderr: string[] = [];
  const interrupt = () => child.kill('SIGINT');
  if (run.signal?.aborted) interrupt();
  run.signal?.addEventListener('abort', interrupt, { once: true });
  createInterface({ input: child.stdout }).on('line', (line) => {
    const message = parse(line);
    if (!message) output.push(line);
    if (message?.diagnostic) diagnostics.push(message.diagnostic);
    if (message) run.onMessage?.(message);
  });
  createInterface({ input: child.stderr }).on('line', (line) => stderr.push(line));
  const code = await new Promise<number>((resolve, reject) => {
    child.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'ENOENT'
          ? new Error(`there is no ${program()} on this machine\n  install Terraform 1.5 or newer`)
          : error,
      ),
    );
    child.once('close', (status, signal) => resolve(status ?? (signal ? 130 : 1)));
  });
  run.signal?.removeEventListener('abort', interrupt);
  return { code, diagnostics, output: output.join('\n'), stderr: stderr.join('\n') };
}

function parse(line: string): Message | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    const value = JSON.parse(line) as Message;
    return typeof value['@message'] === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
}

export const inWords = ({ summary, detail, address }: Diagnostic): string =>
  [`${address ? `${address}: ` : ''}${summary}`, ...(detail ? detail.trim().split('\n') : [])].join('\n  ');
