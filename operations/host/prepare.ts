import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { StepLine } from '../../contract/host';
import { loginArguments, parseDockerHost } from '../docker/host';
import { judgeNeeds } from '../policy/acknowledgements';
import type { Need } from '../policy/need';
import { decisionLines } from '../policy/text';
import type { HostStep, SynthesizedHost } from '../stack/synthesized-host';
import type { Console } from '../terminal/console';
import { actionOf, changesOf, type ResourceChange } from '../terraform/document';
import { inWords, type Message } from '../terraform/message';
import { apply, initialize, lastLines, plan } from '../terraform/plan';
import { terraformCommand } from '../terraform/program';
import type { TerraformResult, TerraformRun } from '../terraform/run';
import { PLAN_FILE } from '../terraform/running';
import { hostNeeds } from './acknowledgements';
import { checkHost, failures, parseStepLines } from './check';

/** What was found and done on the server. */
export interface HostResult {
  /** What differed, as `<step>: <what>`. */
  readonly differs: readonly string[];
  /** Steps that ran. */
  readonly ran: readonly string[];
  /** Why the deploy goes no further; null when the server is ready. */
  readonly error: string | null;
  /** What had to be acknowledged for it. */
  readonly needs: readonly Need[];
  /** Nobody found yes, or nobody acknowledged what it costs. */
  readonly refused: boolean;
}

export interface PrepareProps {
  readonly host: SynthesizedHost;
  readonly console: Console;
  /** For Terraform beside this process's own, the state's login for example. @default none */
  readonly env?: Readonly<Record<string, string>>;
  /** Run without a question. */
  readonly yes: boolean;
  /** What may cost a restart of everything: `host`. */
  readonly acknowledge: readonly string[];
  /** Look at the server first; without it only steps run that Terraform has not run yet. */
  readonly check: boolean;
  readonly signal: AbortSignal;
  readonly waits: (words: string) => void;
}

/**
 * Makes the server what the catalogue says: every step that never ran, has changed, or whose work is gone by now.
 *
 * @throws ConnectionError when the server cannot be asked, TerraformError when the plan fails
 */
export async function prepareHost(props: PrepareProps): Promise<HostResult> {
  const { host, console } = props;
  console.part(`server of ${host.id}: ${host.server}`);
  const found = props.check ? await checkHost(host) : [];
  for (const one of found) tellLine(console, one);
  const differs = found.filter(({ kind }) => kind === 'differs').map(({ step, text }) => `${step}: ${text}`);
  const end = (rest: Partial<HostResult>): HostResult => ({
    differs,
    ran: [],
    needs: [],
    error: null,
    refused: false,
    ...rest,
  });
  const broken = failures(found);
  if (broken) return end({ error: broken });

  const run: TerraformRun = { folder: host.folder, signal: props.signal, env: props.env ?? {} };
  try {
    await initialize(run);
    const drifted = host.steps.filter(({ id }) =>
      found.some(({ kind, step }) => kind === 'differs' && step === id),
    );
    const more = drifted.map(({ address }) => `-replace=${address}`);
    const changes = changesOf((await plan(run, props.waits, { more })) ?? {});
    const foreign = findStrangers(changes);
    if (foreign.length > 0) return end({ error: notIts(host, foreign) });
    const steps = findSteps(host.steps, changes);
    if (steps.length === 0) {
      console.say('  the server is as it should be');
      return end({});
    }
    const names = steps.map(({ id }) => id);
    console.say(`  to run: ${names.join(', ')}`);
    const needs = hostNeeds(props.check ? found : await checkRestarts(host, steps));
    const verdict = judgeNeeds({ needs, refusals: [] }, props.acknowledge);
    for (const line of decisionLines({ ...verdict, unused: [] })) console.say(`  ${line}`);
    if (!verdict.passes) return end({ needs, refused: true, error: STOPPED });
    if (!props.yes && !(await mayRun(props))) {
      return end({ needs, refused: true, error: refusal(console) });
    }
    return end({ ...(await runSteps(props, run)), needs, ran: names });
  } finally {
    rmSync(join(host.folder, PLAN_FILE), { force: true });
  }
}

const STOPPED =
  'the policy stops what this would do on the server, nothing was changed\n  acknowledge host in a quiet moment, or leave restartDocker to when-idle and updateDocker out';

const mayRestart = ({ id, script }: HostStep): boolean =>
  id === 'daemon' || script.includes("export HOST_UPDATE_DOCKER='now'");

/** Where nobody looked at the server, still at the steps that may restart Docker, if they are to run. */
async function checkRestarts(
  host: SynthesizedHost,
  steps: readonly HostStep[],
): Promise<readonly StepLine[]> {
  const asked = steps.filter(mayRestart);
  return asked.length > 0 ? checkHost({ ...host, steps: asked }) : [];
}

const mayRun = async ({ console, host, signal }: PrepareProps): Promise<boolean> =>
  console.canAsk && (await console.ask(`\nrun this on ${host.server}? (yes) `, signal));

const refusal = (console: Console): string =>
  console.canAsk
    ? 'not run, nothing was changed'
    : 'there is no terminal to ask on, nothing was changed\n  add --yes to run it without asking';

async function runSteps(
  { host, console, signal, waits }: PrepareProps,
  run: TerraformRun,
): Promise<{ error: string | null }> {
  const lines: string[] = [];
  const onMessage = ({ type, hook }: Message) => {
    if (type !== 'provision_progress' || hook?.output === undefined) return;
    lines.push(hook.output.trimEnd());
    for (const one of parseStepLines(hook.output)) tellLine(console, one);
  };
  const result = await apply({ ...run, onMessage }, waits);
  forgetConnection(host);
  if (result.code === 0) return { error: null };
  const failed = failures(parseStepLines(lines.join('\n')));
  if (failed) return { error: failed };
  if (signal.aborted) return { error: 'interrupted: the next deploy goes on from there' };
  return { error: why(result) };
}

function why(result: TerraformResult): string {
  const errors = result.diagnostics.filter(({ severity }) => severity === 'error');
  return (
    errors.map(inWords).join('\n') ||
    `${terraformCommand()} apply ended with ${result.code}\n  ${lastLines(result)}`
  );
}

/** A shared connection keeps the groups that the user had when it was made: without `docker`, on a first run. */
function forgetConnection({ server, sshOptions }: SynthesizedHost): void {
  const target = parseDockerHost(server);
  if (target.kind !== 'ssh') return;
  const args = loginArguments(target, sshOptions);
  // It fails where there is none, which is as good.
  spawnSync('ssh', ['-O', 'exit', ...args], { stdio: 'ignore', env: process.env, timeout: 10_000 });
}

/** What this stack never made: its state is another's, and an apply would destroy it. */
const findStrangers = (changes: readonly ResourceChange[]): string[] =>
  changes
    .filter((change) => change.type !== 'null_resource' && change.change.actions.includes('delete'))
    .map(({ address, type, name }) => address ?? `${type}.${name}`);

const notIts = ({ id }: SynthesizedHost, addresses: readonly string[]): string =>
  `the state of ${id} holds what is no step of a server: ${addresses.slice(0, 3).join(', ')}${addresses.length > 3 ? ', …' : ''}; nothing was changed\n  two stacks share a state: give each its own (docs/state.md)`;

/** The steps that a plan makes or makes again. */
function findSteps(steps: readonly HostStep[], changes: readonly ResourceChange[]): HostStep[] {
  const made = changes.filter((change) => ['create', 'replace'].includes(actionOf(change) ?? ''));
  return steps.filter(({ address }) => made.some((change) => change.address === address));
}

const MARKS: Readonly<Record<StepLine['kind'], string>> = {
  ok: '✓',
  differs: '~',
  restarts: '!',
  changes: '+',
  note: '!',
  failed: '✗',
};

const tellLine = (console: Console, { kind, step, text }: StepLine): void =>
  console.item(MARKS[kind], step, text);
