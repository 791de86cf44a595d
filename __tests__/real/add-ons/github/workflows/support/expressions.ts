import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';

/** GitHub's own library for its expressions; jest cannot load its modules as they are. */
const { Parser, Lexer, Evaluator, data } = load();

/** What an expression may ask for: `github`, `secrets`, `needs`, …; a plain object tree. */
export type Contexts = Readonly<Record<string, unknown>>;

/** How the job stands, for `success()` and its like. */
export interface Standing {
  readonly failed: boolean;
  readonly cancelled: boolean;
}

const FUNCTIONS = ['always', 'cancelled', 'failure', 'success'];

/** A text with `${{ … }}` in it, as GitHub hands it to a step. */
export const interpolate = (text: string, contexts: Contexts): string =>
  text.replace(/\$\{\{(.*?)\}\}/gs, (_, expression) => evaluate(expression, contexts).coerceString());

/** An `if:`. Without a function that looks at the job's standing, it also asks for success, as GitHub has it. */
export function condition(text: string | undefined, contexts: Contexts, standing: Standing): boolean {
  const expression = (text ?? 'success()').replace(/^\s*\$\{\{(.*)\}\}\s*$/s, '$1');
  const asked = FUNCTIONS.some((name) => new RegExp(`\\b${name}\\(`).test(expression));
  if (!asked && (standing.failed || standing.cancelled)) return false;
  const result = evaluate(expression, contexts, standing);
  return !['', 'false', '0', 'null'].includes(result.coerceString());
}

function evaluate(expression: string, contexts: Contexts, standing?: Standing) {
  const values: Record<string, boolean> = {
    always: true,
    cancelled: standing?.cancelled ?? false,
    failure: (standing?.failed ?? false) && !standing?.cancelled,
    success: !standing?.failed && !standing?.cancelled,
  };
  const functions = FUNCTIONS.map((name) => ({
    name,
    minArgs: 0,
    maxArgs: 0,
    call: () => new data.BooleanData(values[name] ?? false),
  }));
  const tree = new Parser(new Lexer(expression).lex().tokens, Object.keys(contexts), functions).parse();
  const known = new Map(functions.map((one) => [one.name, one]));
  return new Evaluator(tree, toData(contexts), known).evaluate();
}

// biome-ignore lint/suspicious/noExplicitAny: the classes of a library that is loaded at run time
function toData(value: any): any {
  if (value === null || value === undefined) return new data.Null();
  if (typeof value === 'string') return new data.StringData(value);
  if (typeof value === 'number') return new data.NumberData(value);
  if (typeof value === 'boolean') return new data.BooleanData(value);
  if (Array.isArray(value)) return new data.Array(...value.map(toData));
  return new data.Dictionary(...Object.entries(value).map(([key, one]) => ({ key, value: toData(one) })));
}

function load() {
  const folder = mkdtempSync(join(tmpdir(), 'expressions-'));
  const outfile = join(folder, 'expressions.js');
  buildSync({
    entryPoints: ['@actions/expressions'],
    bundle: true,
    platform: 'node',
    outfile,
    logLevel: 'error',
  });
  try {
    return require(outfile);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
