import { resolve } from 'node:path';
import { bumpSalt, saltFile } from '../../inputs/salts';
import { backendInWords, readBackend } from '../../stack/backend';
import { type Opened, type OpenProps, openEnvironment, reopen } from '../../stack/open';
import type { Console } from '../../terminal/console';
import { terraformName } from '../../terraform/program';
import { readContents } from '../../terraform/state-contents';
import { findCollisions } from './match';
import { openRecovery, type RecoverRun, type Survey, survey } from './survey';
import { type ImportPlan, importObject, planImports, readImportPlan, writeImportBlocks } from './terraform';
import { tellDestruction, tellRecovery } from './text';

/**
 * Brings what runs back into a state that does not know it. Changes nothing on the server.
 *
 * @returns whether the deploy that follows destroys nothing
 */
export function recover(run: RecoverRun): Promise<boolean> {
  const props = openRecovery(run);
  return openEnvironment(props, (opened) => recoverFrom(opened, run, props));
}

async function recoverFrom(opened: Opened, run: RecoverRun, props: OpenProps): Promise<boolean> {
  const { console } = run;
  let found = await survey(opened, run);
  console.part(`state of ${found.stack.id}: ${backendInWords(readBackend(found.stack.folder))}`);
  let planned = await plan(found);
  const taken = findCollisions(planned.created, found.existing, found.stack.namespace);
  if (taken.length > 0) {
    renameSecrets(run, taken.length);
    found = await survey(await reopen(props, found.opened), run);
    planned = await plan(found);
  }
  if (run.import && planned.destroyed.length === 0) {
    await importAll(found, console);
    found = { ...found, known: await readContents(found.terraform), matches: [] };
    planned = await plan(found);
  }
  tellRecovery(found, planned, run);
  if (planned.destroyed.length === 0) return true;
  tellDestruction(found, planned, await readImportPlan(found.terraform), run);
  return false;
}

function plan({ stack, terraform, matches }: Survey): Promise<ImportPlan> {
  writeImportBlocks(stack.folder, matches);
  return planImports(terraform);
}

function renameSecrets({ shell, projectFolder, environment, console }: RecoverRun, count: number): void {
  const file = saltFile(shell);
  bumpSalt(resolve(projectFolder, file), environment);
  const those = count === 1 ? '1 secret gets a new name' : `${count} secrets get new names`;
  console.say(`  ${those}: ${terraformName()} cannot import the old ones. ${file} says so: commit it`);
}

async function importAll({ stack, matches, terraform }: Survey, console: Console): Promise<void> {
  // A command for each: a plan with import blocks is applied with all else that it holds, on the server.
  writeImportBlocks(stack.folder, []);
  for (const match of matches) {
    await importObject(match, terraform);
    console.say(`  imported ${match.address}`);
  }
}
