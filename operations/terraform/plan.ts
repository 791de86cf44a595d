import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDroppedAtTheDoor } from '../docker/reach/words';
import { harmless } from '../terminal/untrusted';
import type { PlanDocument } from './document';
import { inWords } from './message';
import { terraformCommand, terraformName, terraformProgram } from './program';
import { jsonIn, type TerraformResult, type TerraformRun, terraform } from './run';
import { PLAN_FILE } from './running';
import { type Holder, holderIn, holderInWords, holderOf } from './state-lock';

/** Terraform failed; its own words. */
export class TerraformError extends Error {
  constructor(
    what: string,
    readonly result: TerraformResult,
  ) {
    const errors = result.diagnostics.filter(({ severity }) => severity === 'error').map(inWords);
    super([what, ...(errors.length > 0 ? errors : [lastLines(result)])].join('\n'));
  }
}

/** What it wrote last, where it had no message to give. */
export const lastLines = ({ output, stderr }: TerraformResult): string =>
  harmless(`${output}\n${stderr}`.trim().split('\n').slice(-20).join('\n'));

/** Marks a folder that `terraform init` has prepared. */
const INITIALIZED = 'deploy-init';

/** First a short try, so that a wait can be told with the holder's name, then a long one. */
const SHORT_WAIT = '3s';
const SHORT_WAIT_MS = 3000;
const LONG_WAIT = '10m';
const LONG_WAIT_MS = 600_000;
const LOOK_AGAIN_MS = 3000;

const markIn = (folder: string): string => join(folder, '.terraform', INITIALIZED);

/** Whether this folder was initialised for the same providers and backend. */
export const isInitialized = ({ folder }: Pick<TerraformRun, 'folder'>): boolean =>
  existsSync(markIn(folder)) && readFileSync(markIn(folder), 'utf8') === fingerprint(folder);

/** `terraform init`, where that is still to be done. */
export async function initialize(run: TerraformRun): Promise<boolean> {
  if (isInitialized(run)) return false;
  // A state that has moved is moved by hand (docs/state.md); that it was forgotten is seen before anything is planned.
  const result = await terraform(['init', '-input=false', '-no-color', '-reconfigure'], run);
  if (result.code !== 0)
    throw unreachableRegistry(result) ?? new TerraformError(`${terraformCommand()} init failed`, result);
  // The lock file may have been written by init itself.
  writeFileSync(markIn(run.folder), fingerprint(run.folder));
  return true;
}

/**
 * Terraform tells it once for each provider, in lines of its own making: 25 for three.
 *
 * @returns undefined when it is something else that failed
 */
export function unreachableRegistry({ output, stderr }: TerraformResult): Error | undefined {
  const words = `${output} ${stderr}`.replace(/[\s\u2502\u2575\u2577]+/g, ' ');
  const [, registry, archives] = UNREACHABLE.exec(words) ?? [];
  const server = registry ?? archives;
  if (server === undefined) return undefined;
  // Versions come from the registry, archives and checksums from where it says: who was asked stands in the address.
  const [, asked, why] =
    /Get "https?:\/\/([^/"]+)[^"]*": (.*?)(?= To see| Error:| Could not|$)/.exec(words) ?? [];
  const found = [
    ...words.matchAll(/(?:versions for provider|while installing|resolve provider) ([\w.-]+\/[\w.-]+)/g),
  ];
  const providers = [...new Set(found.map(([, name]) => name!))].join(', ');
  return new Error(
    harmless(
      `${terraformName()} cannot load its providers${providers ? ` (${providers})` : ''}: ${asked ?? server} does not answer${why ? `: ${why.trim()}` : ''}\n  check the network, or name the proxy in HTTPS_PROXY; without a way out, give it a mirror: ${terraformCommand()} providers mirror, and provider_installation in ${configurationFile()} (docs/deploy.md), whose files are checked against what ./proctor providers lock writes where the registry answers`,
    ),
  );
}

/** How Terraform and OpenTofu begin to tell that the registry, or a server that has the archives, is out of reach. */
const UNREACHABLE =
  /could not (?:connect to|query provider registry(?: for)?) ([^\s/:]+)|while installing \S+ v\S+: ([^\s:]+): Get "/;

const configurationFile = () => (terraformName() === 'OpenTofu' ? '~/.tofurc' : '~/.terraformrc');

function fingerprint(folder: string): string {
  const { terraform: settings } = JSON.parse(readFileSync(join(folder, 'cdk.tf.json'), 'utf8'));
  const lock = join(folder, '.terraform.lock.hcl');
  return (
    createHash('sha256')
      .update(JSON.stringify(settings))
      // Each has its own registry, and keeps its providers under that name.
      .update(terraformProgram())
      .update(existsSync(lock) ? readFileSync(lock) : '')
      .digest('hex')
  );
}

/** Ten connections at once are too many for some servers; two will do, only slower. */
export async function fewerAtOnce(
  ask: (...options: string[]) => Promise<TerraformResult>,
): Promise<TerraformResult> {
  const result = await ask();
  const isDropped = result.diagnostics.some(({ detail, summary }) =>
    isDroppedAtTheDoor(`${summary} ${detail}`),
  );
  return isDropped ? ask('-parallelism=2') : result;
}

export interface PlanOptions {
  /** `false` for a plan that is only looked at: cancelled, it leaves no lock behind. @default true */
  readonly lock?: boolean;
  /** Further options of `terraform plan`. @default none */
  readonly more?: readonly string[];
}

/** @returns undefined when there is nothing to do; else the plan is in `PLAN_FILE`, for this user alone */
export async function plan(
  run: TerraformRun,
  onWait: (words: string) => void,
  { lock = true, more = [] }: PlanOptions = {},
): Promise<PlanDocument | undefined> {
  const what = ['plan', '-json', '-detailed-exitcode', `-out=${PLAN_FILE}`, ...more];
  const ask = (...options: string[]) =>
    lock
      ? waitForState((wait) => terraform([...what, ...options, `-lock-timeout=${wait}`], run), onWait)
      : terraform([...what, ...options, '-lock=false'], run);
  const result = await fewerAtOnce(ask);
  if (result.code === 0) return undefined;
  if (result.code !== 2) {
    // It may be that providers are gone or the backend is another one: the next deploy initialises again.
    if (!run.signal?.aborted) rmSync(markIn(run.folder), { force: true });
    throw new TerraformError('the plan failed, nothing was changed', result);
  }
  return JSON.parse(jsonIn(await show(run, ['-json'])));
}

/**
 * Waits for up to 10 minutes until nobody holds the state, as a plan would: with a command that takes its lock and changes
 * nothing. Again and again for a short time, since this one heeds no interrupt while it waits.
 *
 * @throws TerraformError with Terraform's words, and when the wait is interrupted
 */
export async function waitForHolder(run: TerraformRun, onWait: (words: string) => void): Promise<void> {
  const until = performance.now() + LONG_WAIT_MS;
  for (let tries = 1; ; tries += 1) {
    const args = [
      'state',
      'rm',
      '-dry-run',
      '-no-color',
      `-lock-timeout=${SHORT_WAIT}`,
      'null_resource.nothing',
    ];
    const begun = performance.now();
    const said = await terraform(args, run);
    if (run.signal?.aborted) throw new Error('interrupted, nothing was changed');
    if (said.code === 0) return;
    // A state that cannot be read is no lock that can be had either: that is said at once.
    const waited = performance.now() - begun >= SHORT_WAIT_MS;
    const holder = waited ? holderIn(said.stderr) : undefined;
    if (!holder || performance.now() >= until)
      throw new TerraformError('the state cannot be looked at, nothing was changed', said);
    if (tries === 1) onWait(holderInWords(holder));
  }
}

/** The plan as Terraform tells it to people, without sensitive values. */
export const planText = (run: TerraformRun): Promise<string> => show(run, []);

async function show(run: TerraformRun, options: readonly string[]): Promise<string> {
  const shown = await terraform(['show', ...options, '-no-color', PLAN_FILE], run);
  if (shown.code !== 0)
    throw new TerraformError(`${terraformCommand()} show failed, nothing was changed`, shown);
  return shown.output;
}

/** Terraform would destroy or replace a service, and `prevent_destroy` keeps it from doing so. */
export const isProtected = (error: unknown): boolean =>
  error instanceof TerraformError &&
  error.result.diagnostics.some(({ summary }) => summary === 'Instance cannot be destroyed');

export const apply = (run: TerraformRun, onWait: (words: string) => void): Promise<TerraformResult> =>
  waitForState(applying(run), onWait);

/**
 * The same for a plan that is good only as long as nothing changes: while somebody else holds the state, that is looked at
 * before every try. A look that fails is made again; without one nothing is applied.
 *
 * @returns undefined where the plan was outdated by then; nothing was applied
 * @throws what the look threw, where none succeeded to the end
 */
export async function applyUnless(
  isOutdated: () => Promise<boolean>,
  run: TerraformRun,
  onWait: (words: string) => void,
): Promise<TerraformResult | undefined> {
  const until = performance.now() + LONG_WAIT_MS;
  for (let tries = 1; ; tries += 1) {
    const result = await applying(run)(SHORT_WAIT);
    const holder: Holder | undefined = result.code === 0 ? undefined : holderOf(result.diagnostics);
    if (!holder || run.signal?.aborted || performance.now() >= until) return result;
    if (tries === 1) onWait(holderInWords(holder));
    if (await untilLooked(isOutdated, until, run.signal)) return undefined;
  }
}

async function untilLooked(
  look: () => Promise<boolean>,
  until: number,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  for (;;) {
    try {
      return await look();
    } catch (error) {
      if (signal?.aborted || performance.now() >= until) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
  }
}

const applying = (run: TerraformRun) => (wait: string) =>
  terraform(['apply', '-json', `-lock-timeout=${wait}`, PLAN_FILE], run);

async function waitForState(
  work: (wait: string) => Promise<TerraformResult>,
  onWait: (words: string) => void,
): Promise<TerraformResult> {
  const first = await work(SHORT_WAIT);
  const holder: Holder | undefined = first.code === 0 ? undefined : holderOf(first.diagnostics);
  if (!holder) return first;
  onWait(holderInWords(holder));
  return work(LONG_WAIT);
}
