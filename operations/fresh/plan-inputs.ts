import { createHash, createHmac } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { canonical } from '../docker/standing';
import type { SynthesizedStack } from '../stack/synthesized';
import type { TerraformRun } from '../terraform/run';
import { codeIn, textsIn } from '../terraform/written';

// biome-ignore lint/suspicious/noExplicitAny: a document that another program wrote
type Json = any;

/** Blocks that say the same whenever they are read; data sources and checks, for example, ask somebody. */
const BLOCKS = [
  '//',
  'locals',
  'moved',
  'output',
  'provider',
  'removed',
  'resource',
  'terraform',
  'variable',
];

/** Functions that say the same of the same arguments, on every machine and at any time; and words before a bracket. */
const PURE = [
  'base64decode base64encode can coalesce compact concat contains distinct element endswith flatten format if in join',
  'jsondecode jsonencode keys length lookup lower max merge min nonsensitive one regex regexall replace sensitive sha256',
  'slice sort split startswith substr tobool tolist tomap tonumber toset tostring trim trimspace try upper values',
].flatMap((line) => line.split(' '));
/** A file that a stack names: what is in it counts. Of `~` Terraform makes a folder. */
const FILE = /\bfile(?:base64|sha\d+|md5)?\("((?!~)[^"\\$%]+)"\)/g;

const STACK_FILE = 'cdk.tf.json';
/** What else Terraform reads in a stack's folder; no synth leaves any there. */
const MORE = /\.(tf|tofu|tfvars)(\.json)?$/;
const OPTIONS = /^TF_(CLI_ARGS|WORKSPACE)/;

/**
 * A hash of all that decides what Terraform plans of a state where it reads nothing from the server: the stack, files that it
 * names, and the values of its variables. Somebody could guess a value from it: see `keyed`.
 *
 * @returns undefined where something else decides it, too: the time, for example, or options that the shell has for Terraform
 */
export function planInputs(
  { folder, usesVariables, registries }: Pick<SynthesizedStack, 'folder' | 'usesVariables' | 'registries'>,
  { env = {} }: Pick<TerraformRun, 'env'>,
): string | undefined {
  const shell: Readonly<Record<string, string | undefined>> = { ...process.env, ...env };
  if (Object.keys(shell).some((name) => OPTIONS.test(name) && shell[name])) return undefined;
  if (readdirSync(folder).some((name) => MORE.test(name) && name !== STACK_FILE)) return undefined;
  const stack: Json = JSON.parse(readFileSync(join(folder, STACK_FILE), 'utf8'));
  if (!Object.keys(stack).every((block) => BLOCKS.includes(block))) return undefined;
  const planned = whatIsPlanned(stack);
  const texts = textsIn(planned).filter((text) => /[$%]\{/.test(text));
  if (!texts.every(isPure)) return undefined;
  const files = texts.flatMap((text) => [...text.matchAll(FILE)].map(([, path]) => path!));
  // A login that only the provider has is not in the state.
  const { provider: _, variable: __, ...rest } = planned;
  const using = JSON.stringify(rest);
  const logins = registries.flatMap(({ username, password }) => [username, password]);
  const values = usesVariables
    .filter((name) => using.includes(name) || !logins.includes(name))
    .map((name) => `TF_VAR_${name}`);
  const inputs = [
    planned,
    values.sort().map((name) => [name, shell[name] ?? null]),
    [...new Set(files)].sort().map((path) => [path, contentOf(resolve(folder, path))]),
  ];
  return createHash('sha256').update(canonical(inputs)).digest('hex');
}

/** What a plan is made of. */
export interface PlanInputs {
  /** See `planInputs`; for this process alone. */
  readonly hash: string;
  /** See `keyed`; of the state that it is made of. */
  readonly keyed: string;
}

/**
 * The same for everybody to read: nobody guesses a value from it who has not the state, in which they all are.
 *
 * @param state as `terraform state pull` prints it
 */
export const keyed = (inputs: string, state: string): string =>
  createHmac('sha256', createHash('sha256').update(state).digest()).update(inputs).digest('hex');

/**
 * Without where the state is, what people are told, whether a replacement is refused, and what runs beside a change: nothing is
 * planned of these.
 */
function whatIsPlanned({ '//': _, terraform, resource = {}, ...stack }: Json): Json {
  const { backend: __, ...settings } = terraform ?? {};
  const mapped = (of: Json, change: (value: Json) => Json) =>
    Object.fromEntries(Object.entries(of).map(([key, value]) => [key, change(value)]));
  return { ...stack, terraform: settings, resource: mapped(resource, (all) => mapped(all, withoutActions)) };
}

function withoutActions({ lifecycle, provisioner: _, ...body }: Json): Json {
  const { prevent_destroy: __, ...rest } = lifecycle ?? {};
  return Object.keys(rest).length > 0 ? { ...body, lifecycle: rest } : body;
}

/** All of a text is looked at before what stands in quotes is taken away, which takes longer. */
function isPure(text: string): boolean {
  const left = text.replace(FILE, '');
  return callsOnlyPure(left) || callsOnlyPure(codeIn(left) ?? left);
}

const callsOnlyPure = (code: string): boolean =>
  !/\bpath\s*\.|<</.test(code) &&
  [...code.matchAll(/([\w:-]+)(?:\s|\/\*(?:[^*]|\*(?!\/))*\*\/|(?:#|\/\/).*\n)*\(/g)].every(([, name]) =>
    PURE.includes(name!),
  );

/** One that cannot be read is another input than one that can: Terraform says what is wrong with it. */
function contentOf(path: string): string | null {
  try {
    return createHash('sha256').update(readFileSync(path)).digest('hex');
  } catch {
    return null;
  }
}
