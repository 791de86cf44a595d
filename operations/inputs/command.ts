import { spawn } from 'node:child_process';
import type { Shell } from '../../contract/shell';

/** A command that prints one secret. */
export interface SecretCommand {
  /** The Terraform variable, without TF_VAR_. */
  readonly name: string;
  /** Program and arguments; no shell is involved. */
  readonly command: readonly string[];
  readonly folder: string;
  readonly env: Shell;
  /** Names of what the shell has and `env` has not, for when it fails. @default none */
  readonly withheld?: readonly string[];
  /** Ends the command. */
  readonly signal?: AbortSignal;
  /** A person may be asked for a fingerprint or a passphrase meanwhile. @default 120 */
  readonly timeoutSeconds?: number;
}

/** Swarm takes less than 512,000 bytes (moby, api/types/swarm: MaxSecretSize). */
const MOST_BYTES = 500 * 1024;

/**
 * Runs it and returns what it printed, without the one line end that such programs add. What it says besides is not
 * shown: it may hold the secret.
 *
 * @throws with the secret's name and the command, never with its output
 */
export async function runSecretCommand(what: SecretCommand): Promise<string> {
  const shown = `the secret ${what.name}: \`${what.command.join(' ')}\``;
  const fail = (why: string, fix: string) => new Error(`${shown} ${why}\n  ${fix}`);
  const { code, output, reason } = await run(what);
  if (reason === 'missing') {
    throw fail(
      `cannot be run: there is no program ${what.command[0]} here`,
      `install it, or export TF_VAR_${what.name}`,
    );
  }
  if (reason === 'stopped') throw fail('was interrupted', 'nothing was changed; deploy again');
  if (reason === 'late') {
    throw fail(
      `gave no answer for ${what.timeoutSeconds ?? 120} s`,
      'sign in to the store of secrets first, then deploy again',
    );
  }
  if (code !== 0) {
    throw fail(
      `ended with ${code}`,
      `run it yourself to see why: its output is not shown here, since it may hold the secret${without(what)}`,
    );
  }
  if (reason === 'long')
    throw fail('printed more than a secret can hold', 'have it print the value alone, at most 500 KiB');
  const text = decoded(output);
  if (text === undefined) throw fail('printed bytes that are no text', 'have it print the value as UTF-8');
  const value = text.replace(/\r?\n$/, '');
  if (value === '')
    throw fail(
      'printed nothing',
      `have it print the value, or remove the command and export TF_VAR_${what.name}`,
    );
  return value;
}

/** It may have wanted one of them, and would work for whoever tries it by hand. */
const without = ({ withheld = [] }: SecretCommand): string =>
  withheld.length === 0
    ? ''
    : `\n  it ran without ${withheld.join(', ')}, which it could read other secrets with; let it sign in with something of its own`;

interface Ended {
  readonly code: number | null;
  readonly output: Buffer;
  readonly reason?: 'missing' | 'late' | 'stopped' | 'long';
}

function run({ command, folder, env, signal, timeoutSeconds = 120 }: SecretCommand): Promise<Ended> {
  const [program = '', ...args] = command;
  return new Promise((resolve, reject) => {
    // Its standard input is the terminal where there is one: some ask there.
    const stdin = process.stdin.isTTY ? 'inherit' : 'ignore';
    const child = spawn(program, args, { cwd: folder, env: { ...env }, stdio: [stdin, 'pipe', 'ignore'] });
    const chunks: Buffer[] = [];
    let bytes = 0;
    let reason: Ended['reason'];
    const end = (why: Ended['reason']) => {
      reason ??= why;
      child.kill('SIGKILL');
      // A child of it may hold the output open.
      child.stdout.destroy();
    };
    const timer = setTimeout(() => end('late'), timeoutSeconds * 1000);
    const stop = () => end('stopped');
    signal?.addEventListener('abort', stop, { once: true });
    if (signal?.aborted) stop();
    child.stdout.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > MOST_BYTES) end('long');
      else chunks.push(chunk);
    });
    const settle = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', stop);
    };
    child.once('error', (error: NodeJS.ErrnoException) => {
      settle();
      if (error.code === 'ENOENT' || error.code === 'EACCES') {
        resolve({ code: null, output: Buffer.alloc(0), reason: 'missing' });
      } else reject(error);
    });
    child.once('close', (code) => {
      settle();
      const output = Buffer.concat(chunks);
      if (reason === 'long') resolve({ code: 0, output, reason });
      else resolve({ code, output, ...(reason ? { reason } : {}) });
    });
  });
}

function decoded(output: Buffer): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(output);
    return text.includes('\0') ? undefined : text;
  } catch {
    return undefined;
  }
}
