import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { lockedBy } from '../backup/locked';
import { keepConnection } from '../docker/connect';
import { beginEarly } from '../fresh/early';
import { type HostResult, prepareHost } from '../host/prepare';
import { preflight } from '../preflight/preflight';
import { commitOf, NO_COMMIT } from '../releases/author';
import { Restoring } from '../releases/restore';
import { askSecrets, type Opened, openEnvironment, terraformOf } from '../stack/open';
import { givenInFiles, judgeVariables } from '../stack/variables';
import type { Finding } from '../terminal/finding';
import { writeErroredState } from '../terraform/errored-state';
import type { TerraformRun } from '../terraform/run';
import { PLAN_FILE, REPORTS_FOLDER } from '../terraform/running';
import type { DeployRun } from './options';
import { planAndApply, type Way } from './plan-and-apply';
import { type DeployResult, type End, refusing } from './result';

/** From the catalogue to the verdict. Throws what is no verdict: a synth or a plan that failed. */
export function deploy(run: DeployRun): Promise<DeployResult> {
  const { console, signal, projectFolder, shell } = run;
  const { environment, to, only } = run.options;
  const restoring = to === undefined ? undefined : new Restoring(to);
  const waits = (words: string) => console.say(`${words}: waiting for up to 10 minutes`);
  const began = performance.now();
  return openEnvironment(
    {
      environment,
      projectFolder,
      shell,
      signal,
      purpose: 'deploy',
      onWait: waits,
      say: (line) => run.console.say(line),
      remake: restoring?.remake,
    },
    async (opened) => {
      const looking = new AbortController();
      // Right after the stack was made: somebody may work on while the question waits. `only` records no release.
      const committed = restoring?.release ?? (only ? NO_COMMIT : commitOf(projectFolder, looking.signal));
      try {
        return await keepConnection(opened.stack, (kept) =>
          steps(run, opened, { waits, restoring, committed, kept }, began),
        );
      } finally {
        looking.abort();
      }
    },
  );
}

async function steps(run: DeployRun, opened: Opened, way: Way, began: number): Promise<DeployResult> {
  const { console, signal, projectFolder, options } = run;
  const { waits, restoring, kept } = way;
  const { stack } = opened;
  const locking = lockedBy(stack);
  // Before anything on the server, its own steps included, and before a secret is asked for in vain.
  const mayWait = !opened.host && Object.keys(stack.settings.commands ?? {}).length === 0;
  const locked = mayWait ? undefined : await locking;
  const host = locked ? null : await hostOf(run, opened, waits);
  // It may have got its Docker only now, and the login its group.
  if (host) kept.renew();
  let findings: readonly Finding[] = [];
  const end: End = (result) => ({
    stack: stack.id,
    environment: options.environment,
    host,
    preflight: findings,
    plan: null,
    services: [],
    probe: null,
    runs: [],
    error: null,
    seconds: (performance.now() - began) / 1000,
    ...result,
  });
  const refuse = refusing(console, end);
  if (locked) return refuse(locked);
  if (host?.error) {
    console.fault(host.error);
    const outcome = host.refused ? 'refused' : signal.aborted ? 'interrupted' : 'failed';
    return end({ outcome, exitCode: 1, error: host.error });
  }

  console.part(
    restoring
      ? `back to release ${restoring.release.number} of ${stack.id} at ${stack.host}`
      : `deploy of ${stack.id} to ${stack.host}`,
  );
  for (const note of restoring?.notes ?? []) console.item('i', 'release', note);
  const say = (line: string) => console.say(`  asking for ${line}`);
  const asked = await askSecrets(opened, { projectFolder, signal, say });
  const { shell } = asked;
  const reports = join(stack.folder, REPORTS_FOLDER);
  mkdirSync(reports, { recursive: true, mode: 0o700 });
  const own = terraformOf(asked, signal);
  const terraform: TerraformRun = { ...own, env: { ...own.env, ROLLOUT_REPORTS: reports } };
  await writeErroredState(terraform, (line) => console.say(`  ${line}`));
  // What is missing the checks say better than Terraform.
  const isGiven = judgeVariables(stack, shell, givenInFiles(stack.folder)).every(
    ({ level }) => level !== 'failure',
  );
  const early =
    // It plans everything.
    isGiven && !options.skipPreflight && !options.only
      ? beginEarly({ stack, terraform, refresh: options.refresh, waits })
      : undefined;
  try {
    const nowLocked = await locking;
    if (nowLocked) return refuse(nowLocked);
    const checks = options.skipPreflight ? [] : await preflight({ ...options, stack, shell, projectFolder });
    findings = [...asked.findings, ...checks];
    for (const finding of findings) console.finding(finding);
    const failed = failedChecks(findings, end);
    if (failed) {
      console.fault(failed.error ?? '');
      return failed;
    }

    if (signal.aborted) throw new Error('interrupted, nothing was changed');
    const hostNeeds = host?.needs ?? [];
    const round = { run, way, stack, shell, terraform, reports, hostNeeds, end, refuse };
    for (let nth = 1; ; nth += 1) {
      const begun = nth === 1 ? early : undefined;
      const ended = await planAndApply({ ...round, findings, begun, nth });
      if (ended) return ended;
    }
  } finally {
    await early?.stop();
    // It holds every secret.
    rmSync(join(stack.folder, PLAN_FILE), { force: true });
    rmSync(reports, { recursive: true, force: true });
  }
}

function failedChecks(findings: readonly Finding[], end: End): DeployResult | undefined {
  const failures = findings.filter(({ level }) => level === 'failure');
  if (failures.length === 0) return undefined;
  const error = `${failures.length === 1 ? '1 check' : `${failures.length} checks`} failed, nothing was changed`;
  return failures.some(({ unreachable }) => unreachable)
    ? end({ outcome: 'unreachable', exitCode: 6, error })
    : end({ outcome: 'preflight', exitCode: 1, error });
}

/** The server first, where the catalogue says what it is to be: there may be no Docker yet. */
async function hostOf(
  { console, signal, options: { yes, skipPreflight, acknowledge } }: DeployRun,
  { host, added }: Opened,
  waits: (words: string) => void,
): Promise<HostResult | null> {
  if (!host) return null;
  const check = !skipPreflight;
  return prepareHost({ host, console, env: added, yes, acknowledge, check, signal, waits });
}
