import { existsSync, lstatSync, readdirSync, renameSync, rmdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { terraformCommand, terraformProgram } from '../../operations/terraform/program';
import { LabError } from '../ground/error';
import { hasCommand } from '../ground/packages';
import type { LabPaths } from '../ground/paths';
import { CommandError } from '../ground/shell';
import { runDeploy } from './run';
import { type LabTarget, STACK } from './target';

/** Where the lab's stack is synthesized. */
export const outputFolder = (paths: LabPaths): string => join(paths.dir, 'cdktf.out');
export const stackFolder = (paths: LabPaths): string => join(outputFolder(paths), 'stacks', STACK);
/** Terraform's state of the lab. */
export const stateFile = (paths: LabPaths): string => join(paths.dir, STATE);
const STATE = `terraform.${STACK}.tfstate`;
/** The state, what Terraform and state:recover keep of older ones beside it, and its lock. */
export const isOfState = (name: string): boolean => name.startsWith(STATE) || name === `.${STATE}.lock.info`;

/**
 * The catalogue has the state in the folder `.lab` beside the output. For `./proctor deploy`, in the project, that is the
 * lab's folder; for the lab, whose output lies inside of it, one further down. A link makes the two one.
 */
export function joinStateFolders({ dir }: LabPaths): void {
  const inner = join(dir, '.lab');
  const found = lstatSync(inner, { throwIfNoEntry: false });
  if (found?.isSymbolicLink()) return;
  if (found) {
    // Of a lab that was made before there was a link. Nothing else is moved, and nothing is written over.
    for (const name of readdirSync(inner).filter(isOfState)) {
      if (existsSync(join(dir, name))) {
        throw new LabError(
          `the lab has two states: ${join(dir, name)} and ${join(inner, name)}`,
          'move away the one that does not match what runs, or start over: ./proctor lab down',
        );
      }
      renameSync(join(inner, name), join(dir, name));
    }
    const [stranger] = readdirSync(inner);
    if (stranger !== undefined) {
      throw new LabError(
        `${join(inner, stranger)} is not of the lab in ${dir}`,
        'let LAB_DIR name a folder that has no .lab in it',
      );
    }
    rmdirSync(inner);
  }
  symlinkSync('.', inner);
}

/**
 * Why the synthesized stack cannot be deployed with Terraform here; undefined when it can. Terraform itself is asked:
 * it knows its registries, mirrors and caches best.
 */
export async function whyNotTerraform({ lab, env }: LabTarget): Promise<string | undefined> {
  const program = terraformProgram();
  if (!hasCommand(program)) return `${terraformCommand()} is not installed`;
  const init = [program, `-chdir=${stackFolder(lab.paths)}`, 'init', '-input=false', '-no-color'];
  try {
    // A registry that swallows packets is given up for one that does not answer.
    await runDeploy(lab.paths, { command: 'timeout', args: ['90', ...init], env });
    return undefined;
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    if (error.status === 124) return 'its provider registry does not answer';
    return `${terraformCommand()} init fails: ${firstError(error.output)}`;
  }
}

function firstError(output: string): string {
  const lines = output.split('\n').map((line) => line.replace(/^[│╷╵\s]+/, ''));
  return lines.find((line) => line.startsWith('Error: '))?.slice('Error: '.length) ?? 'it does not say why';
}
