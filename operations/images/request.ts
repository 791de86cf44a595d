import { DIGEST } from './lock-file';

/** What `./proctor images lock` is asked to do. */
export interface LockRequest {
  /** Compares the lock with the catalogue and changes nothing. */
  readonly check: boolean;
  /** Services whose images are looked up; none means all, unless digests are given. */
  readonly services: readonly string[];
  /** Digests that are known already: `repository:tag` → `sha256:…`. */
  readonly given: ReadonlyMap<string, string>;
}

export const USAGE = `usage: ./proctor images lock [SERVICE …] [--set repository:tag=sha256:…] | [--check]
  without arguments   asks the registries for every image of services.config.ts
  SERVICE …           only for the images of these services
  --set …             records a digest that is known already, and asks nobody
  --check             fails unless images.lock.json fits services.config.ts; no network
exit: 0 done, 1 not done, or the file does not fit, 64 wrong usage`;

/** @returns a text for people when the arguments make no sense */
export function parseRequest(args: readonly string[]): LockRequest | string {
  const services: string[] = [];
  const given = new Map<string, string>();
  let check = false;
  for (let index = 0; index < args.length; index++) {
    const argument = args[index]!;
    if (argument === '--check') check = true;
    else if (argument === '--set' || argument.startsWith('--set=')) {
      const value = argument === '--set' ? (args[++index] ?? '') : argument.slice('--set='.length);
      const equals = value.indexOf('=');
      if (equals < 1 || !DIGEST.test(value.slice(equals + 1))) {
        return `--set ${value}: write repository:tag=sha256: and 64 hexadecimal digits`;
      }
      given.set(value.slice(0, equals), value.slice(equals + 1));
    } else if (argument.startsWith('-')) return `there is no option ${argument}`;
    else services.push(argument);
  }
  if (check && (services.length > 0 || given.size > 0)) return '--check takes nothing else';
  return { check, services, given };
}
