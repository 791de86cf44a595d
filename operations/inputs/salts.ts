import type { Shell } from '../../contract/shell';
import { readIfThere } from '../files/read-if-there';
import { writeLock } from '../images/lock-file';

/** Environment → salt. */
export type Salts = Readonly<Record<string, string>>;

/** Where they are; `SECRET_SALTS` names another file, for the lab. */
export const saltFile = (shell: Shell): string => shell.SECRET_SALTS || 'secrets.salt.json';

/** A file that is not there is an empty one: nobody has lost a state yet. @throws when it is something else */
export function readSalts(path: string): Salts {
  const text = readIfThere(path);
  if (text === undefined) return {};
  const salts = parse(text);
  if (!salts) {
    throw new Error(
      `${path} is not a list of salts\n  take it back from git: without it all secrets get other names`,
    );
  }
  return salts;
}

function parse(text: string): Salts | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const isList = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isList && Object.values(value).every((salt) => typeof salt === 'string')
      ? (value as Salts)
      : undefined;
  } catch {
    return undefined;
  }
}

/** Gives an environment the next salt, so that its secrets get names that nothing has. */
export function bumpSalt(path: string, environment: string): void {
  const salts = readSalts(path);
  // The first names have none.
  writeLock(path, { ...salts, [environment]: String(Number(salts[environment] ?? 1) + 1) });
}
