import { join } from 'node:path';
import type { Shell } from '../../../contract/shell';
import { addEnvFile, runSecretCommands } from '../../inputs/sources';
import { givenInFiles, judgeVariables } from '../../preflight/variables';
import { judgePlatform } from '../../stack/belonging';
import { synth } from '../../stack/synth';
import { readStack, type SynthesizedStack } from '../../stack/synthesized';
import type { Console } from '../../terminal/console';
import { initialize } from '../../terraform/plan';
import type { TerraformRun } from '../../terraform/run';
import { type KnownObject, readContents } from '../../terraform/state-contents';
import { type Declared, readDeclared } from './declared';
import { type ExistingObject, readExisting } from './existing';
import { type Match, matchObjects } from './match';

export interface RecoverRun {
  readonly environment: string;
  /** Write what was found into the state. @default only show it */
  readonly import: boolean;
  readonly projectFolder: string;
  readonly shell: Shell;
  readonly console: Console;
}

/** The catalogue, the server and the state, side by side. */
export interface Survey {
  readonly stack: SynthesizedStack;
  readonly terraform: TerraformRun;
  readonly declared: Declared;
  readonly existing: readonly ExistingObject[];
  readonly known: readonly KnownObject[];
  readonly matches: readonly Match[];
  /** What the `.env` file and the secrets' commands say; asked for once. */
  readonly added: Readonly<Record<string, string>>;
}

/**
 * Synthesizes, asks the server and reads the state.
 *
 * @throws when the state is another platform's, when a variable is missing, and what is no answer to these
 */
export async function survey(run: RecoverRun, before?: Pick<Survey, 'added'>): Promise<Survey> {
  const { projectFolder, environment } = run;
  // As deep as cdktf.out: a local state is found relative to it.
  const out = join(projectFolder, `cdktf.out.recover-${environment}`);
  const file = before?.added ?? addEnvFile(run.shell, projectFolder, environment).added;
  await synth(projectFolder, out, environment, file);
  const stack = readStack(out);
  const added = { ...file, ...(await secretsOf(stack, { ...run.shell, ...file }, run)) };
  const shell = { ...run.shell, ...added };
  const [missing] = judgeVariables(stack, shell, givenInFiles(stack.folder)).filter(
    ({ level }) => level === 'failure',
  );
  if (missing) throw new Error(`${missing.text}\n  ${missing.fix}`);
  const terraform: TerraformRun = { folder: stack.folder, env: added };
  await initialize(terraform);
  const known = await readContents(terraform);
  const [stranger] = judgePlatform(known, stack.namespace);
  if (stranger) throw new Error(`the state is not this platform's: ${stranger.text}\n  ${stranger.fix}`);
  const declared = readDeclared(stack.folder);
  const existing = await readExisting(stack);
  const matches = matchObjects(declared, existing, known);
  return { stack, terraform, declared, existing, known, matches, added };
}

const secretsOf = (
  { settings }: SynthesizedStack,
  shell: RecoverRun['shell'],
  { projectFolder, console }: RecoverRun,
) =>
  runSecretCommands({
    commands: settings.commands ?? {},
    shell,
    projectFolder,
    say: (line) => console.say(`  asking for ${line}`),
  });
