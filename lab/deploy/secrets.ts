import { createHash, randomBytes, randomInt } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LabError } from '../ground/error';
import type { LabPaths } from '../ground/paths';

/** Values of the catalogue's secrets, by their names. */
export type Secrets = Readonly<Record<string, string>>;

const PRINTABLE = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index));

/**
 * A password with every printable ASCII character, so that each run shows that none of them hurts. No space is at an
 * end of it: the workflows refuse such a secret, since it comes from a careless paste.
 */
export function everyCharacter(): string {
  const left = [...PRINTABLE];
  const password = PRINTABLE.map(() => left.splice(randomInt(left.length), 1)[0]).join('');
  return password === password.trim() ? password : everyCharacter();
}

/** Throw-away secrets, made at a lab's first deploy and kept, readable by their owner alone, as long as its folder lives. */
export function ensureSecrets(paths: LabPaths): Secrets {
  const file = join(paths.dir, 'secrets.json');
  const known = read(file);
  if (known) return known;
  const secrets = { db_password: everyCharacter(), jwt_secret_key: randomBytes(32).toString('hex') };
  writeFileSync(`${file}.new`, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
  return secrets;
}

/** The ten hex digits in the name of a secret's Swarm object, the same as Terraform writes there. */
export const hashOf = (prefix: string, value: string): string =>
  createHash('sha256').update(`${prefix}${value}`).digest('hex').slice(0, 10);

function read(file: string): Secrets | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
  try {
    return JSON.parse(text) as Secrets;
  } catch {
    throw new LabError(`${file} is not JSON`, 'remove the lab with `./proctor lab down` and start again');
  }
}
