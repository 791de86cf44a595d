import { resolve } from 'node:path';
import { bumpSalt, saltFile } from '../../inputs/salts';
import { backendInWords, readBackend } from '../../stack/backend';
import { type Opened, type OpenProps, openEnvironment, reopen } from '../../stack/open';
import type { Console } from '../../terminal/console';
import { terraformName } from '../../terraform/program';
import type { TerraformRun } from '../../terraform/run';
import { readContents } from '../../terraform/state-contents';
import { findCollisions } from './match';
import { placeToPlan } from './place';
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
  let imports = await plan(found);
  const taken = findCollisions(imports.created, found.existing, found.stack.namespace);
  if (taken.length > 0) {
    renameSecrets(run, taken.length);
    found = await survey(await reopen(props, found.opened), run);
    imports = await plan(found);
  }
  if (run.import && imports.destroyed.length === 0) {
    await importAll(found, console);
    found = { ...found, known: await readContents(found.terraform), matches: [] };
    imports = await plan(found);
  }
  tellRecovery(found, imports, run);
  if (imports.destroyed.length === 0) return true;
  tellDestruction(found, imports, await planned(found, readImportPlan), run);
  return false;
}

const plan = (found: Survey): Promise<ImportPlan> => planned(found, planImports);

async function planned<T>({ stack, terraform, matches }: Survey, work: (run: TerraformRun) => Promise<T>) {
  const { run, remove } = await placeToPlan(stack, terraform, matches);
  try {
    writeImportBlocks(run.folder, matches);
    return await work(run);
  } finally {
    remove();
  }
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
