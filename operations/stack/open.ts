import { DERIVED_SECRETS } from '../../contract/derived-secret';
import type { Shell } from '../../contract/shell';
import type { Variables } from '../inputs/env-file';
import { addEnvFile, runSecretCommands } from '../inputs/sources';
import type { Finding } from '../terminal/finding';
import { settleEarlierRuns } from '../terraform/earlier-run';
import type { TerraformRun } from '../terraform/run';
import { environmentOfCommands } from './command-env';
import { type Purpose, synthFolder } from './folder';
import { withLock } from './lock';
import { synth } from './synth';
import { readStack, type SynthesizedStack } from './synthesized';
import { readHost, type SynthesizedHost } from './synthesized-host';
import { givenInFiles, judgeVariables } from './variables';

export interface OpenProps {
  readonly environment: string;
  readonly projectFolder: string;
  readonly shell: Shell;
  readonly purpose: Purpose;
  /** How long to wait for another process that has opened it for the same. @default 600 */
  readonly lockSeconds?: number;
  /** Called once when it has to wait. */
  readonly onWait: (holder: string) => void;
  /** Says what a killed process of the same purpose left. @default - nobody is told */
  readonly say?: (line: string) => void;
  /** Ends a wait. */
  readonly signal?: AbortSignal;
  /** Synthesize what may destroy services, too; for a plan that nobody applies. @default as the shell says */
  readonly allowDestroy?: boolean;
  /** Puts another stack in the place of the synthesized one, in the folder given; the server itself stays as it is then. */
  readonly remake?: ((out: string) => Promise<void>) | undefined;
}

/** An environment, synthesized and read. */
export interface Opened {
  readonly stack: SynthesizedStack;
  /** Undefined where the environment leaves its server as it is. */
  readonly host: SynthesizedHost | undefined;
  /** The shell with what the `.env` file and the secrets' commands add to it. */
  readonly shell: Shell;
  /** What they added alone. */
  readonly added: Variables;
  /** About the `.env` file. */
  readonly findings: readonly Finding[];
}

const LOCK_SECONDS = 600;

/**
 * Opens an environment, and keeps other processes out of its folder while `work` is under way: the `.env` file is read,
 * then the catalogue synthesized.
 *
 * @throws {BusyError} when the wait timed out, and what a failed synth throws
 */
export function openEnvironment<T>(props: OpenProps, work: (opened: Opened) => Promise<T>): Promise<T> {
  const { environment, projectFolder, signal, onWait, lockSeconds = LOCK_SECONDS } = props;
  const lock = {
    folder: `${synthFolder(projectFolder, props.purpose, environment)}.lock`,
    timeoutSeconds: lockSeconds,
    onWait,
    ...(signal ? { signal } : {}),
  };
  return withLock(lock, async () => {
    // Before the synth, which takes away the folder that it works in.
    const out = synthFolder(projectFolder, props.purpose, environment);
    await settleEarlierRuns({ out, say: props.say ?? (() => {}), signal });
    return work(await open(props, addEnvFile(props.shell, projectFolder, environment)));
  });
}

/** The same again after a file that the catalogue reads has changed; nothing is asked for twice. */
export const reopen = (props: OpenProps, opened: Opened): Promise<Opened> => open(props, opened);

async function open(
  { environment, projectFolder, purpose, allowDestroy, remake }: OpenProps,
  { shell, added, findings }: Pick<Opened, 'shell' | 'added' | 'findings'>,
): Promise<Opened> {
  const out = synthFolder(projectFolder, purpose, environment);
  await synth(projectFolder, out, environment, {
    ...given(shell),
    ...(allowDestroy ? { ALLOW_DESTROY: '1' } : {}),
  });
  await remake?.(out);
  return { stack: readStack(out), host: remake ? undefined : readHost(out), shell, added, findings };
}

/** Adds what the commands of secrets print that nobody has given. @throws with the secret's name when one fails */
export async function askSecrets(
  opened: Opened,
  run: Pick<OpenProps, 'projectFolder' | 'signal'> & { readonly say: (line: string) => void },
): Promise<Opened> {
  const { stack, shell, added } = opened;
  const values = await runSecretCommands({
    commands: stack.settings.commands ?? {},
    environment: environmentOfCommands(shell, stack.secretVariables, stack.stateInBucket ?? false),
    shell,
    projectFolder: run.projectFolder,
    say: run.say,
    ...(run.signal ? { signal: run.signal } : {}),
  });
  return { ...opened, shell: { ...shell, ...values }, added: { ...added, ...values } };
}

/**
 * What Terraform runs with: the variables, what the `.env` file says besides, the state's login for example, and for gates how
 * secrets are made from others.
 */
export const terraformOf = ({ stack, shell, added }: Opened, signal?: AbortSignal): TerraformRun => ({
  folder: stack.folder,
  env: { ...variablesIn(shell), ...added, [DERIVED_SECRETS]: JSON.stringify(stack.derived ?? []) },
  ...(signal ? { signal } : {}),
});

const variablesIn = (shell: Shell): Variables =>
  Object.fromEntries(Object.entries(given(shell)).filter(([name]) => name.startsWith('TF_VAR_')));

const given = (shell: Shell): Variables =>
  Object.fromEntries(
    Object.entries(shell).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );

/** @throws with every variable that is missing, where Terraform names one after the other */
export const refuseMissing = ({ stack, shell }: Opened): void =>
  refuse(judgeVariables(stack, shell, givenInFiles(stack.folder)));

/** @throws with all failures at once */
export function refuse(findings: readonly Finding[]): void {
  const failures = findings.filter(({ level }) => level === 'failure');
  if (failures.length === 0) return;
  throw new Error(failures.map(({ text, fix }) => `${text}\n  ${fix}`).join('\n'));
}
