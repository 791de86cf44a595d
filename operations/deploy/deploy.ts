import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Shell } from '../../contract/shell';
import { type HostResult, prepareHost } from '../host/prepare';
import { addEnvFile, runSecretCommands } from '../inputs/sources';
import { preflight } from '../preflight/preflight';
import { checkBelonging } from '../stack/belonging';
import { deployFolder } from '../stack/folder';
import { alone } from '../stack/lock';
import { synth } from '../stack/synth';
import { readStack } from '../stack/synthesized';
import { readHost } from '../stack/synthesized-host';
import type { Console } from '../terminal/console';
import { initialize } from '../terraform/plan';
import type { TerraformRun } from '../terraform/run';
import { PLAN_FILE } from '../terraform/run';
import { applyAndWatch } from './apply';
import type { DeployArguments } from './arguments';
import { planned } from './plan-and-judge';
import type { DeployResult } from './result';

export interface DeployRun {
  readonly arguments: DeployArguments;
  readonly shell: Shell;
  readonly console: Console;
  readonly projectFolder: string;
  /** Ends what is under way in good order. */
  readonly signal: AbortSignal;
}

const LOCK_SECONDS = 600;

/** From the catalogue to the verdict. Throws what is no verdict: a synth or a plan that failed. */
export async function deploy(run: DeployRun): Promise<DeployResult> {
  const { environment } = run.arguments;
  // A folder of its own: `cdktf diff` beside a deploy would replace the scripts that its gates run.
  const out = deployFolder(run.projectFolder, environment);
  return alone(
    {
      folder: `${out}.lock`,
      timeoutSeconds: LOCK_SECONDS,
      signal: run.signal,
      onWait: (holder) => run.console.say(`${holder}: waiting for up to 10 minutes`),
    },
    () => steps(run, out),
  );
}

async function steps(run: DeployRun, out: string): Promise<DeployResult> {
  const { console, signal, projectFolder } = run;
  const began = performance.now();
  const { environment, yes, skipPreflight, without } = run.arguments;
  const local = addEnvFile(run.shell, projectFolder, environment);
  await synth(projectFolder, out, environment, local.added);
  const stack = readStack(out);
  const nothing = {
    ...{ stack: stack.id, environment, preflight: [], plan: null, services: [], probe: null, runs: [] },
    error: null,
  };
  let host: HostResult | null = null;
  const end = (result: Partial<DeployResult> & Pick<DeployResult, 'outcome' | 'exitCode'>): DeployResult => ({
    ...nothing,
    seconds: (performance.now() - began) / 1000,
    host,
    ...result,
  });

  const waits = (words: string) => console.say(`${words}: waiting for up to 10 minutes`);
  host = await hostOf(run, out, local, waits);
  if (host?.error) {
    console.fault(host.error);
    const outcome = host.refused ? 'refused' : signal.aborted ? 'interrupted' : 'failed';
    return end({ outcome, exitCode: 1, error: host.error });
  }

  console.part(`deploy of ${stack.id} to ${stack.host}`);
  const added = {
    ...local.added,
    ...(await runSecretCommands({
      ...{ commands: stack.settings.commands ?? {}, shell: local.shell, projectFolder, signal },
      say: (line) => console.say(`  asking for ${line}`),
    })),
  };
  const shell = { ...local.shell, ...added };
  const findings = [
    ...local.findings,
    ...(skipPreflight ? [] : await preflight({ stack, shell, projectFolder, without })),
  ];
  for (const finding of findings) console.finding(finding);
  const failures = findings.filter(({ level }) => level === 'failure');
  if (failures.length > 0) {
    const error = `${failures.length === 1 ? '1 check' : `${failures.length} checks`} failed, nothing was changed`;
    console.fault(error);
    const exitCode = failures.some(({ unreachable }) => unreachable) ? 6 : 1;
    return end({
      outcome: exitCode === 6 ? 'unreachable' : 'preflight',
      exitCode,
      preflight: findings,
      error,
    });
  }

  if (signal.aborted) throw new Error('interrupted, nothing was changed');
  const reports = mkdtempSync(join(tmpdir(), 'deploy-'));
  const terraform: TerraformRun = {
    folder: stack.folder,
    env: { ...added, ROLLOUT_REPORTS: reports },
    signal,
  };
  try {
    console.part('plan');
    await initialize(terraform);
    const strange = await checkBelonging(stack, terraform);
    if (strange.length > 0) {
      for (const finding of strange) console.finding(finding);
      const error = 'the state is not the one of what runs, nothing was changed';
      console.fault(error);
      return end({ outcome: 'refused', exitCode: 1, preflight: [...findings, ...strange], error });
    }
    const hostNeeds = host?.needs ?? [];
    const made = await planned({ ...run, shell, stack, terraform, waits, ...run.arguments, hostNeeds });
    if (!made) {
      console.say('nothing to do: the server runs what the catalogue says');
      return end({ outcome: 'unchanged', exitCode: 0, preflight: findings });
    }
    const { plan: summary, stopped } = made;
    if (stopped) {
      console.fault(stopped);
      return end({ outcome: 'refused', exitCode: 1, preflight: findings, plan: summary, error: stopped });
    }
    if (!yes) {
      const answer = console.canAsk && (await console.ask(`\napply this to ${stack.host}? (yes) `, signal));
      if (!answer) {
        const error = console.canAsk
          ? 'not applied, nothing was changed'
          : 'there is no terminal to ask on, nothing was changed\n  add --yes to apply without asking';
        console.fault(error);
        return end({ outcome: 'refused', exitCode: 1, preflight: findings, plan: summary, error });
      }
    }
    const rest = await applyAndWatch({ stack, console, terraform, reports, summary, shell, waits });
    return end({ ...rest, preflight: findings, plan: summary });
  } finally {
    // It holds every secret.
    rmSync(join(stack.folder, PLAN_FILE), { force: true });
    rmSync(reports, { recursive: true, force: true });
  }
}

/** The server first, where the catalogue says what it is to be: there may be no Docker yet. */
async function hostOf(
  { console, signal, arguments: { yes, skipPreflight, acknowledge } }: DeployRun,
  out: string,
  { shell, added }: ReturnType<typeof addEnvFile>,
  waits: (words: string) => void,
): Promise<HostResult | null> {
  const host = readHost(out);
  if (!host) return null;
  const check = !skipPreflight;
  return prepareHost({ host, console, shell, env: added, yes, acknowledge, check, signal, waits });
}
