import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Contexts, condition, interpolate } from './expressions';
import { type Job, localSteps, type Step } from './workflow';

/** How a job is set off. */
export interface Setting {
  /** Where the repository is checked out. */
  readonly folder: string;
  /** The `github` context; `event` is the payload. */
  readonly github: Readonly<Record<string, unknown>> & { readonly event?: object };
  readonly secrets?: Readonly<Record<string, string>>;
  readonly vars?: Readonly<Record<string, string>>;
  readonly inputs?: Readonly<Record<string, string>>;
  readonly needs?: Readonly<Record<string, { result: string; outputs?: Record<string, string> }>>;
  /** The runner's own variables, such as where the API is. */
  readonly env?: Readonly<Record<string, string>>;
  /** What an action of somebody else does, by its name; nothing unless given. */
  readonly actions?: Readonly<Record<string, (inputs: Record<string, string>, job: Ran) => void>>;
  /** Cancels the job as GitHub does, when the step of this name has begun and this resolves. */
  readonly cancelIn?: { readonly step: string; readonly when: () => Promise<void> };
}

export interface Ran {
  readonly skipped: boolean;
  readonly result: 'success' | 'failure' | 'cancelled' | 'skipped';
  /** Names of the steps that ran, in order, each with how it ended. */
  readonly steps: { name: string; outcome: string; output: string }[];
  readonly outputs: Record<string, string>;
  /** Everything that all steps printed: the job's log. */
  readonly log: string;
  readonly summary: string;
  /** `RUNNER_TEMP`. */
  readonly temp: string;
}

interface State {
  readonly ran: Ran & { log: string };
  readonly exported: Record<string, string>;
  readonly outputs: Record<string, { outputs: Record<string, string>; outcome: string }>;
  readonly standing: { failed: boolean; cancelled: boolean };
}

/** What a runner never has, so that a step cannot lean on this machine. */
const CLEAN = { PATH: process.env.PATH ?? '', LANG: 'C.UTF-8' };
const NOT_RUN = /^npm ci\b/;

/** Runs a job step by step as GitHub's runner does: conditions, environment, files of commands, and the end. */
export async function runJob(job: Job, setting: Setting): Promise<Ran> {
  const temp = mkdtempSync(join(tmpdir(), 'rt-'));
  const ran = {
    skipped: false,
    result: 'success',
    steps: [],
    outputs: {},
    log: '',
    summary: '',
    temp,
  } as State['ran'];
  const state: State = { ran, exported: {}, outputs: {}, standing: { failed: false, cancelled: false } };
  const failed = Object.values(setting.needs ?? {}).some(({ result }) => result !== 'success');
  if (!condition(job.if, contexts(setting, state), { failed, cancelled: false })) {
    return { ...ran, skipped: true, result: 'skipped' };
  }
  for (const step of job.steps) await runStep(step, job, setting, state);
  const { cancelled, failed: bad } = state.standing;
  const outputs = Object.entries(job.outputs ?? {}).map(([name, text]) => [
    name,
    interpolate(text, contexts(setting, state)),
  ]);
  return {
    ...ran,
    result: cancelled ? 'cancelled' : bad ? 'failure' : 'success',
    outputs: Object.fromEntries(outputs),
  };
}

export const forget = ({ temp }: Ran): void => rmSync(temp, { recursive: true, force: true });

async function runStep(step: Step, job: Job, setting: Setting, state: State): Promise<void> {
  const name = step.name ?? step.uses ?? step.run ?? '?';
  const around = contexts(setting, state);
  const env = Object.entries(job.env ?? {}).map(([key, value]) => [key, interpolate(String(value), around)]);
  const context = { ...around, env: { ...Object.fromEntries(env), ...state.exported } };
  const note = (outcome: string, output = '', outputs: Record<string, string> = {}) => {
    if (outcome !== 'skipped') state.ran.steps.push({ name, outcome, output });
    if (step.id) state.outputs[step.id] = { outputs, outcome };
    if (outcome === 'failure') state.standing.failed = true;
  };
  if (!condition(step.if, context, state.standing)) return note('skipped');
  if (step.uses) {
    const inner = localSteps(step.uses);
    for (const one of inner ?? []) await runStep(one, job, setting, state);
    const inputs = Object.entries(step.with ?? {}).map(([key, value]) => [
      key,
      interpolate(String(value), context),
    ]);
    setting.actions?.[step.uses.split('@')[0]!]?.(Object.fromEntries(inputs), state.ran);
    return note('success');
  }
  if (NOT_RUN.test(step.run!)) return note('success');
  const values = Object.entries({ ...job.env, ...step.env }).map(([key, value]) => [
    key,
    interpolate(String(value), context),
  ]);
  const { code, output, outputs, cancelled } = await runLines(
    step,
    Object.fromEntries(values),
    setting,
    state,
  );
  state.ran.log += output;
  if (cancelled) state.standing.cancelled = true;
  note(cancelled ? 'cancelled' : code === 0 ? 'success' : 'failure', output, outputs);
}

async function runLines(step: Step, env: Record<string, string>, setting: Setting, state: State) {
  const { temp } = state.ran;
  const files = { GITHUB_ENV: '', GITHUB_OUTPUT: '', GITHUB_STEP_SUMMARY: '' };
  const commands = join(temp, 'commands');
  mkdirSync(commands, { recursive: true });
  for (const file of Object.keys(files)) writeFileSync(join(commands, file), '');
  const script = join(commands, 'step.sh');
  writeFileSync(script, step.run!);
  const event = join(commands, 'event.json');
  writeFileSync(event, JSON.stringify(setting.github.event ?? {}));
  // `shell: bash` of a workflow, and its default on Linux but for pipefail.
  const child = spawn('bash', ['--noprofile', '--norc', '-e', '-o', 'pipefail', script], {
    cwd: join(setting.folder, step['working-directory'] ?? ''),
    env: {
      ...CLEAN,
      HOME: temp,
      CI: 'true',
      GITHUB_ACTIONS: 'true',
      RUNNER_TEMP: temp,
      ...setting.env,
      ...Object.fromEntries(Object.keys(files).map((file) => [file, join(commands, file)])),
      GITHUB_EVENT_PATH: event,
      GITHUB_EVENT_NAME: String(setting.github.event_name),
      GITHUB_REF_NAME: String(setting.github.ref ?? '').replace('refs/heads/', ''),
      GITHUB_RUN_ID: '42',
      GITHUB_SHA: String(setting.github.sha ?? ''),
      ...state.exported,
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own, so that a signal to the shell is a signal to the shell alone, as the runner sends it.
    detached: true,
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      output += chunk;
    });
  let cancelled = false;
  if (setting.cancelIn && setting.cancelIn.step === step.name) {
    void setting.cancelIn.when().then(() => {
      cancelled = true;
      child.kill('SIGINT');
    });
  }
  const code = await new Promise<number | null>((done, fail) =>
    child.once('error', fail).once('close', done),
  );
  const read = (file: string) => readFileSync(join(commands, file), 'utf8');
  Object.assign(state.exported, commandsIn(read('GITHUB_ENV')));
  Object.assign(state.ran, { summary: state.ran.summary + read('GITHUB_STEP_SUMMARY') });
  return { code, output, outputs: commandsIn(read('GITHUB_OUTPUT')), cancelled };
}

/** `name<<delimiter`, lines, `delimiter`. */
function commandsIn(text: string): Record<string, string> {
  const found = [...text.matchAll(/^([^\n=]+)<<(\S+)\n([\s\S]*?)\n\2$/gm)];
  return Object.fromEntries(found.map(([, name, , value]) => [name, value]));
}

function contexts(
  { github, secrets = {}, vars = {}, inputs = {}, needs = {} }: Setting,
  state: State,
): Contexts {
  return {
    secrets,
    vars,
    inputs,
    needs,
    steps: state.outputs,
    github: { repository: 'acme/swarm', actor: 'octocat', token: 'the-token', ...github },
    runner: { temp: state.ran.temp },
    matrix: {},
  };
}
