import { join, resolve } from 'node:path';
import type { Console } from '../../deploy/console';
import { initialize } from '../../deploy/plan';
import { synth } from '../../deploy/synth';
import { readStack, type SynthesizedStack } from '../../deploy/synthesized';
import type { TerraformRun } from '../../deploy/terraform';
import { givenInFiles, judgeVariables } from '../../preflight/variables';
import { backendInWords, readBackend } from '../backend';
import { judgePlatform } from '../belonging';
import { type KnownObject, readContents } from '../contents';
import { bumpSalt, saltFile } from '../salts';
import { type Declared, readDeclared } from './declared';
import { type ExistingObject, readExisting } from './existing';
import { collisions, leftovers, type Match, matchObjects } from './match';
import { importObject, type Planned, planImports, writeImportBlocks } from './terraform';

export interface RecoverRun {
  readonly environment: string;
  /** Write what was found into the state. @default only show it */
  readonly import: boolean;
  readonly projectFolder: string;
  readonly shell: Readonly<Record<string, string | undefined>>;
  readonly console: Console;
}

interface Found {
  readonly stack: SynthesizedStack;
  readonly terraform: TerraformRun;
  readonly declared: Declared;
  readonly existing: readonly ExistingObject[];
  readonly known: readonly KnownObject[];
  readonly matches: readonly Match[];
}

/**
 * Brings what runs back into a state that does not know it. Changes nothing on the server.
 *
 * @returns whether the deploy that follows destroys nothing
 */
export async function recover(run: RecoverRun): Promise<boolean> {
  const { console } = run;
  let found = await look(run);
  console.part(`state of ${found.stack.id}: ${backendInWords(readBackend(found.stack.folder))}`);
  let planned = await plan(found);
  const taken = collisions(planned.created, found.existing, found.stack.namespace);
  if (taken.length > 0) {
    const file = saltFile(run.shell);
    bumpSalt(resolve(run.projectFolder, file), run.environment);
    const those = taken.length === 1 ? '1 secret gets a new name' : `${taken.length} secrets get new names`;
    console.say(`  ${those}: Terraform cannot import the old ones. ${file} says so: commit it`);
    found = await look(run);
    planned = await plan(found);
  }
  if (run.import && planned.destroyed.length === 0) {
    await importAll(found, console);
    found = { ...found, known: await readContents(found.terraform), matches: [] };
    planned = await plan(found);
  }
  tell(found, planned, run);
  return planned.destroyed.length === 0;
}

/** Synthesizes, asks the server and reads the state. @throws when the state is another platform's, or a variable is missing */
async function look({ projectFolder, environment, shell }: RecoverRun): Promise<Found> {
  // As deep as cdktf.out: a local state is found relative to it.
  const out = join(projectFolder, `cdktf.out.recover-${environment}`);
  await synth(projectFolder, out, environment, shell);
  const stack = readStack(out);
  const [missing] = judgeVariables(stack, shell, givenInFiles(stack.folder)).filter(
    ({ level }) => level === 'failure',
  );
  if (missing) throw new Error(`${missing.text}\n  ${missing.fix}`);
  const terraform: TerraformRun = { folder: stack.folder };
  await initialize(terraform);
  const known = await readContents(terraform);
  const [stranger] = judgePlatform(known, stack.namespace);
  if (stranger) throw new Error(`the state is not this platform's: ${stranger.text}\n  ${stranger.fix}`);
  const declared = readDeclared(stack.folder);
  const existing = await readExisting(stack);
  return { stack, terraform, declared, existing, known, matches: matchObjects(declared, existing, known) };
}

function plan({ stack, terraform, matches }: Found): Promise<Planned> {
  writeImportBlocks(stack.folder, matches);
  return planImports(terraform);
}

async function importAll({ stack, matches, terraform }: Found, console: Console): Promise<void> {
  // A command for each: a plan with import blocks is applied with all else that it holds, on the server.
  writeImportBlocks(stack.folder, []);
  for (const match of matches) {
    await importObject(match, terraform);
    console.say(`  imported ${match.address}`);
  }
}

function tell({ declared, existing, known, matches, stack }: Found, planned: Planned, run: RecoverRun): void {
  const { console, environment } = run;
  for (const { address, id, isStale } of matches) {
    console.say(`  import ${address}  ${id.slice(0, 12)}${isStale ? ' (the state knows another one)' : ''}`);
  }
  for (const address of planned.destroyed) console.say(`  DESTROY ${address}`);
  const { imported, created, changed, destroyed } = planned;
  console.say(
    `plan: ${imported.length} to import, ${created.length} to add, ${changed.length} to change, ${destroyed.length} to destroy`,
  );
  if (destroyed.length > 0) {
    console.fault(
      'the deploy would destroy something, nothing was imported\n  correct services.config.ts until it says what runs',
    );
    return;
  }
  const option = environment === 'production' ? '' : ` --environment ${environment}`;
  const next =
    matches.length > 0
      ? `npm run state:recover --${option} --import`
      : `npm run deploy${option ? ` --${option}` : ''}`;
  console.say(
    `next: ${next}${matches.length > 0 ? '   (writes the state, changes nothing on the server)' : ''}`,
  );
  const rest = leftovers(declared, existing, known, stack.namespace);
  if (matches.length === 0 && rest.length > 0) {
    console.say(`after it, once all is well, remove what nobody knows any more:\n  ${rest.join('\n  ')}`);
  }
}
