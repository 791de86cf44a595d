import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { hasStateMoved, openView, planOptionsOf, type View } from '../../operations/fresh/open';
import { remember, rememberView } from '../../operations/fresh/remember';
import { untilNobodyHolds } from '../../operations/stack/state';
import { readStack } from '../../operations/stack/synthesized';
import { terraformName, terraformProgram } from '../../operations/terraform/program';
import type { TerraformRun } from '../../operations/terraform/run';
import { LabError } from '../ground/error';
import { labFile } from '../ground/paths';
import type { Print } from '../ground/progress';
import { CommandError } from '../ground/shell';
import { outputFolder, stackFolder, stateFile } from './providers';
import { runDeploy } from './run';
import { type LabTarget, NAMESPACE, STACK } from './target';

/** Writes the stack as Terraform JSON. @throws LabError with what the catalogue does wrong */
export async function synthesize(target: LabTarget): Promise<void> {
  const { paths } = target.lab;
  const env = { ...target.env, CDKTF_OUTDIR: outputFolder(paths) };
  try {
    await runDeploy(paths, { command: process.execPath, args: ['build/synth.mjs'], env });
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    throw new LabError('the platform is not synthesized', error.output.trim());
  }
}

/**
 * Whether Terraform would change nothing. A plan alone takes a quarter of the time of `cdktf deploy`, which plans twice;
 * where it fails, the deploy says why.
 */
export async function isDeployed(target: LabTarget): Promise<boolean> {
  const { paths } = target.lab;
  if (!existsSync(stateFile(paths))) return false;
  const plan = ['plan', '-input=false', '-no-color', '-detailed-exitcode', '-lock-timeout=60s'];
  const view = await viewOf(target);
  const stack = readStack(outputFolder(paths));
  const run = runOf(target);
  try {
    if (view?.isEmpty) await untilNobodyHolds(stack, run, () => {});
    else {
      const args = [`-chdir=${stackFolder(paths)}`, ...plan, ...(view ? planOptionsOf(view) : [])];
      await runDeploy(paths, { command: terraformProgram(), args, env: target.env });
    }
    if (!view) return true;
    const moved = await hasStateMoved(stack, run, view);
    if (moved && view.refresh === undefined) return false;
    await rememberView(stack, run, view, !moved);
    return true;
  } catch (error) {
    if (error instanceof CommandError) return false;
    throw error;
  }
}

/** Where it cannot be told what the server holds, Terraform reads it, and the deploy says what is wrong. */
async function viewOf(target: LabTarget): Promise<View | undefined> {
  try {
    return await openView(readStack(outputFolder(target.lab.paths)), runOf(target), false);
  } catch {
    return undefined;
  }
}

/** For the next time: what Terraform has just made it need not read again. */
export async function rememberDeployed(target: LabTarget): Promise<void> {
  await remember(readStack(outputFolder(target.lab.paths)), runOf(target));
}

const runOf = ({ lab, env }: LabTarget): TerraformRun => ({
  folder: stackFolder(lab.paths),
  env: Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  ),
});

/**
 * Deploys what was synthesized with `cdktf deploy`, over ssh; the gates are in its graph.
 *
 * @throws LabError with what Terraform or a gate said
 */
export async function deployWithTerraform(target: LabTarget, print: Print): Promise<void> {
  const { paths } = target.lab;
  const errorsFile = join(paths.logs, 'terraform-errors.log');
  const env = {
    ...target.env,
    // Plain lines for the log, and no question that nobody would answer.
    CI: '1',
    FORCE_COLOR: '0',
    TF_IN_AUTOMATION: '1',
    // A deploy that was killed may still be writing down what it did.
    TF_CLI_ARGS_plan: '-lock-timeout=60s',
    TF_CLI_ARGS_apply: '-lock-timeout=60s',
    TERRAFORM_BINARY_NAME: labFile('assets', 'terraform.sh'),
    TERRAFORM_PROGRAM: terraformProgram(),
    TERRAFORM_ERRORS: errorsFile,
  };
  writeFileSync(errorsFile, '');
  const options = ['--auto-approve', '--skip-synth', '--skip-provider-lock', '--output', outputFolder(paths)];
  try {
    await runDeploy(paths, {
      command: join('node_modules', '.bin', 'cdktf'),
      args: ['deploy', STACK, ...options],
      env,
      onLine: (line) => {
        const told = pickTellingPart(line);
        if (told) print(`  ${told}`);
      },
    });
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    const told = stripVTControlCharacters(readFileSync(errorsFile, 'utf8'));
    const errors = errorsOf(/Error: /.test(told) ? told : error.output);
    throw new LabError(
      'cdktf deploy failed',
      `${errors}${wayOut(errors)}\n  all of it: ${join(paths.logs, 'deploy.log')}; ./proctor lab up goes on where it stopped`,
    );
  }
}

const wayOut = (errors: string): string =>
  /cannot be destroyed|already exists/.test(errors)
    ? `\n  what runs is not what ${terraformName()}'s state knows: docker stack rm ${NAMESPACE}, then again; volumes stay`
    : '';

/** Of Terraform's many lines those that gates and provisioning print, and the sum. */
export function pickTellingPart(line: string): string | undefined {
  // cdktf writes the stack's name before the first line of a block only, the others are indented.
  const text = line.replace(/^\s*(\S+\s{2,})?/, '');
  const said = /\(local-exec\): (.*)$/.exec(text)?.[1];
  if (said !== undefined) return /^Executing: /.test(said) ? undefined : said.trimEnd() || undefined;
  return /^(Plan: |Apply complete!|No changes\.)/.exec(text) ? text : undefined;
}

/** From Terraform's first error on, without the places in generated JSON; the last lines where it names none. */
export function errorsOf(output: string): string {
  const lines = output.split('\n').map((line) => line.replace(/^\s*(swarm-lab\s{2,})?[│╷╵\s]*/, ''));
  const first = lines.findIndex((line) => line.startsWith('Error: '));
  return (first < 0 ? lines.slice(-15) : lines.slice(first))
    .filter(
      (line) => !/^(|with .*|on cdk\.tf\.json .*|\d+: .*|\d+ Stacks? .*|Invoking Terraform .*)$/.test(line),
    )
    .slice(0, 30)
    .join('\n  ');
}
