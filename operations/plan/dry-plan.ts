import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { StepLine } from '../../contract/host';
import type { Shell } from '../../contract/shell';
import { hostNeeds } from '../host/acknowledgements';
import { checkHost, failures } from '../host/check';
import { addEnvFile, runSecretCommands } from '../inputs/sources';
import type { Need } from '../policy/need';
import { givenInFiles, judgeVariables } from '../preflight/variables';
import { checkBelonging } from '../stack/belonging';
import { alone } from '../stack/lock';
import { redactorOf } from '../stack/redactor';
import { synth } from '../stack/synth';
import { readStack, type SynthesizedStack } from '../stack/synthesized';
import { readHost } from '../stack/synthesized-host';
import type { Finding } from '../terminal/finding';
import type { PlanDocument } from '../terraform/document';
import { initialize, plan, planText } from '../terraform/plan';
import type { TerraformRun } from '../terraform/run';
import { PLAN_FILE } from '../terraform/run';

export interface LookProps {
  readonly environment: string;
  readonly projectFolder: string;
  readonly shell: Shell;
  readonly signal: AbortSignal;
  readonly say: (words: string) => void;
}

export interface Look {
  readonly stack: SynthesizedStack;
  /** What a deploy makes otherwise on the server itself first; empty where the catalogue leaves it as it is. */
  readonly server: readonly StepLine[];
  /** What has to be acknowledged for that. */
  readonly hostNeeds: readonly Need[];
  /** Undefined when there is nothing to do. */
  readonly document: PlanDocument | undefined;
  /** Terraform's own words, without sensitive values. */
  readonly fullText: string;
  /** The shell with what the `.env` file and commands add to it. */
  readonly shell: Shell;
}

const LOCK_SECONDS = 600;

/**
 * A plan that nobody can apply: in a folder of its own, deleted before this returns, and without the state's lock, so
 * that a look that is cancelled locks nobody out. It also shows what `prevent_destroy` would keep a deploy from.
 *
 * @throws what a failed synth, init or plan throws
 */
export async function look(props: LookProps): Promise<Look> {
  const { environment, projectFolder, signal, say } = props;
  // As deep as cdktf.out, for the paths of a local state and of files are relative to it.
  const out = join(projectFolder, `cdktf.out.plan-${environment}`);
  return alone(
    {
      ...{ folder: `${out}.lock`, timeoutSeconds: LOCK_SECONDS, signal },
      onWait: (holder) => say(`${holder}: waiting for up to 10 minutes`),
    },
    () => lookFrom(props, out),
  );
}

async function lookFrom(
  { environment, projectFolder, signal, say, ...props }: LookProps,
  out: string,
): Promise<Look> {
  const local = addEnvFile(props.shell, projectFolder, environment);
  refuse(local.findings);
  await synth(projectFolder, out, environment, { ...given(local.shell), ALLOW_DESTROY: '1' });
  const stack = readStack(out);
  const commands = stack.settings.commands ?? {};
  const values = await runSecretCommands({ commands, shell: local.shell, projectFolder, say, signal });
  const shell = { ...local.shell, ...values };
  refuse(judgeVariables(stack, shell, givenInFiles(stack.folder)));
  const variables = Object.entries(given(shell)).filter(([name]) => name.startsWith('TF_VAR_'));
  const host = readHost(out);
  const said = host ? await checkHost(host) : [];
  const broken = failures(said);
  if (broken) throw new Error(broken);
  const server = said.filter(({ kind }) => kind === 'differs');
  const terraform: TerraformRun = { folder: stack.folder, env: Object.fromEntries(variables), signal };
  try {
    await initialize(terraform);
    refuse(await checkBelonging(stack, terraform));
    const document = await plan(terraform, say, { lock: false });
    const fullText = document ? await planText(terraform) : '';
    return { stack, server, hostNeeds: hostNeeds(said), shell, document, fullText };
  } catch (error) {
    const why = redactorOf(stack, shell).hide((error as Error).message);
    // A bare server has nothing that could be planned for yet.
    const first = server.map(({ step, text }) => `\n  the server is not ready yet, ${step}: ${text}`);
    throw new Error(`${why}${first.join('')}`);
  } finally {
    // It holds every secret.
    rmSync(join(stack.folder, PLAN_FILE), { force: true });
  }
}

const given = (shell: Shell): Record<string, string> =>
  Object.fromEntries(
    Object.entries(shell).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );

/** All at once, where Terraform names one after the other. */
function refuse(findings: readonly Finding[]): void {
  const failures = findings.filter(({ level }) => level === 'failure');
  if (failures.length === 0) return;
  throw new Error(failures.map(({ text, fix }) => `${text}\n  ${fix}`).join('\n'));
}
