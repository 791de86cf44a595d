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

/** Functions that say the same of the same arguments, on every machine and at any time. */
const PURE =
  'base64decode base64encode can coalesce compact concat contains distinct element flatten format formatlist join jsondecode jsonencode keys length lookup lower max merge min nonsensitive one regex regexall replace reverse sensitive setsubtract setunion sha256 slice sort split substr tobool tolist tomap tonumber toset tostring trim trimprefix trimspace trimsuffix try upper values zipmap'.split(
    ' ',
  );
/** A file that a stack names: what is in it counts. */
const FILE = /\bfile(?:base64|sha\d+|md5)?\("([^"\\$%]+)"\)/g;

/** What else Terraform reads in a stack's folder. */
const READ = /\.(tf|tofu|tfvars)(\.json)?$/;
const STACK_FILE = 'cdk.tf.json';

/**
 * A hash of all that decides what Terraform plans where it reads nothing from the server: the stack, files that it names,
 * the values of its variables, and options that the shell has for Terraform. Keyed with the state, so that nobody guesses
 * a value from it who has not the state, in which it is.
 *
 * @param state as `terraform state pull` prints it
 * @returns undefined where something else decides it, too: the time, for example
 */
export function planInputs(
  { folder, usesVariables }: Pick<SynthesizedStack, 'folder' | 'usesVariables'>,
  { env = {} }: Pick<TerraformRun, 'env'>,
  state: string,
): string | undefined {
  const stack: Json = JSON.parse(readFileSync(join(folder, STACK_FILE), 'utf8'));
  if (!Object.keys(stack).every((block) => BLOCKS.includes(block))) return undefined;
  const planned = whatIsPlanned(stack);
  const texts = textsIn(planned).filter((text) => /[$%]\{/.test(text));
  if (!texts.every(isPure)) return undefined;
  const named = texts.flatMap((text) => [...text.matchAll(FILE)].map(([, path]) => path!));
  const found = readdirSync(folder).filter((name) => READ.test(name) && name !== STACK_FILE);
  const files = [...new Set([...named, ...found])].sort();
  const shell: Readonly<Record<string, string | undefined>> = { ...process.env, ...env };
  // A registry's login is for the provider alone, and not in the state.
  const { provider: _, variable: __, ...using } = planned;
  const used = new Set([...canonical(using).matchAll(/\bvar\.([\w-]+)/g)].map(([, name]) => name!));
  const names = [
    ...usesVariables.filter((name) => used.has(name)).map((name) => `TF_VAR_${name}`),
    ...Object.keys(shell).filter((name) => /^TF_(CLI_ARGS|WORKSPACE)/.test(name)),
  ].sort();
  const inputs = [
    planned,
    names.map((name) => [name, shell[name] ?? null]),
    files.map((path) => [path, contentOf(resolve(folder, path))]),
  ];
  const key = createHash('sha256').update(state).digest();
  return createHmac('sha256', key).update(canonical(inputs)).digest('hex');
}

/** Without where the state is, what people are told, and whether a replacement is refused: nothing is planned of these. */
function whatIsPlanned({ '//': _, terraform, resource = {}, ...stack }: Json): Json {
  const { backend: __, ...settings } = terraform ?? {};
  const mapped = (of: Json, change: (value: Json) => Json) =>
    Object.fromEntries(Object.entries(of).map(([key, value]) => [key, change(value)]));
  return { ...stack, terraform: settings, resource: mapped(resource, (all) => mapped(all, unprotected)) };
}

function unprotected({ lifecycle, ...body }: Json): Json {
  const { prevent_destroy: _, ...rest } = lifecycle ?? {};
  return Object.keys(rest).length > 0 ? { ...body, lifecycle: rest } : body;
}

function isPure(text: string): boolean {
  const code = codeIn(text.replace(FILE, ''));
  if (code === undefined || /\bpath\.cwd\b/.test(code)) return false;
  return [...code.matchAll(/([\w:-]+)\s*\(/g)].every(
    ([, name]) => PURE.includes(name!) || OPERATOR.test(name!),
  );
}

/** What else may stand before a bracket. */
const OPERATOR = /^(if|in)$/;

/** One that cannot be read is another input than one that can: Terraform says what is wrong with it. */
function contentOf(path: string): string | null {
  try {
    return createHash('sha256').update(readFileSync(path)).digest('hex');
  } catch {
    return null;
  }
}
