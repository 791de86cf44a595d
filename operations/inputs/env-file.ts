import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { readIfThere } from '../files/read-if-there';
import { type Finding, failure, warning } from '../terminal/finding';

export type Variables = Readonly<Record<string, string>>;

const LINE = /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)=(.*)$/s;
/** Read alike by shells and by every program that reads such files. */
const PLAIN = /^[A-Za-z0-9_@%+=:,./-]*$/;
const SINGLE_QUOTED = /^(?:'[^']*'|\\')+$/;
const DOUBLE_QUOTED = /^"[^"$`\\]*"$/;

/** `.env` for production, `.env.<environment>` for another one: no environment gets another one's secrets. */
export const envFileOf = (environment: string): string =>
  environment === 'production' ? '.env' : `.env.${environment}`;

/**
 * Reads `NAME=value` lines; a value in single quotes may have several, as a private key has. A value means the same as in a
 * shell that sources the file; one that programs read differently (dotenv ends it at a `#`, a shell expands a `$`) is refused
 * rather than cut or changed.
 *
 * @throws with the line's number and what to do, never with a value
 */
export function parseEnvFile(text: string, file: string): Variables {
  const seen = new Map<string, number>();
  const variables: Record<string, string> = {};
  const lines = envLinesOf(text);
  lines.forEach((line, index) => {
    const at = `${file}, line ${index + 1}`;
    if (/^\s*(#|$)/.test(line)) return;
    const [, name = '', written = ''] = LINE.exec(line) ?? [];
    if (name === '')
      throw new Error(`${at} is not NAME=value\n  write one variable per line, or # before a comment`);
    const before = seen.get(name);
    if (before !== undefined) {
      throw new Error(
        `${at}: ${name} is given a second time, first in line ${before}\n  remove one of the two`,
      );
    }
    seen.set(name, index + 1);
    variables[name] = unquoted(written.trim(), `${at}: ${name}`);
  });
  return variables;
}

/** The lines of a file, at their numbers: one whose quotes go on has all of it, and empty ones come in place of the rest. */
export function envLinesOf(text: string): string[] {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  for (let at = 0; at < lines.length; at++) {
    const opens = /^'/.test(LINE.exec(lines[at]!)?.[2]?.trim() ?? '');
    for (let last = at; opens && last < lines.length; last++) {
      const whole = lines.slice(at, last + 1).join('\n');
      if (!SINGLE_QUOTED.test(LINE.exec(whole)![2]!.trim())) continue;
      lines.splice(at, last + 1 - at, whole, ...Array<string>(last - at).fill(''));
      break;
    }
  }
  return lines;
}

function unquoted(text: string, what: string): string {
  if (PLAIN.test(text)) return text;
  if (SINGLE_QUOTED.test(text)) return text.replace(/'([^']*)'|\\(')/g, (_, inner, quote) => inner ?? quote);
  if (DOUBLE_QUOTED.test(text)) return text.slice(1, -1);
  throw new Error(
    `${what}: programs read this value in different ways\n  put it into single quotes; write a single quote in it as '\\''`,
  );
}

/** A line that `parseEnvFile` and a shell read as this value. */
export const envLine = (name: string, value: string): string =>
  `${name}=${PLAIN.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`}`;

/** Empty where there is no such file. @throws when it cannot be read or understood */
export function readEnvFile(path: string): Variables {
  const text = readIfThere(path);
  if (text === undefined) return {};
  return parseEnvFile(text, basename(path));
}

/** What would give its secrets away: git that has it or would take it, a mode that lets others read it. */
export function judgeEnvFile(path: string): Finding[] {
  const name = basename(path);
  const mode = statSync(path, { throwIfNoEntry: false })?.mode;
  if (mode === undefined) return [];
  const git = (...args: string[]) => spawnSync('git', args, { cwd: dirname(path), stdio: 'ignore' }).status;
  const findings: Finding[] = [];
  if (git('ls-files', '--error-unmatch', '--', name) === 0) {
    const fix = `git rm --cached ${name}, rotate every secret in it, and remove it from the history`;
    findings.push(failure('secrets', `${name} is in git`, fix));
  } else if (git('check-ignore', '--quiet', '--', name) === 1) {
    findings.push(warning('secrets', `git would take ${name}`, `add ${name} to .gitignore`));
  }
  if ((mode & 0o077) !== 0 && process.platform !== 'win32') {
    findings.push(warning('secrets', `other users of this machine can read ${name}`, `chmod 600 ${name}`));
  }
  return findings;
}
