import { UsageError } from '../terminal/usage-error';
import { DIGEST } from './lock-file';

/** What the lock of images is asked to do. */
export interface LockRequest {
  /** Compares the lock with the catalogue and changes nothing. */
  readonly check: boolean;
  /** Services whose images are looked up; none means all, unless digests are given. */
  readonly services: readonly string[];
  /** Digests that are known already: `repository:tag` → `sha256:…`. */
  readonly given: ReadonlyMap<string, string>;
}

interface Wish {
  readonly check: boolean;
  readonly services: readonly string[];
  /** `repository:tag=sha256:…` */
  readonly set: readonly string[];
}

/** @throws {UsageError} */
export function requestOf({ check, services, set }: Wish): LockRequest {
  const given = new Map(set.map(digestOf));
  if (check && (services.length > 0 || given.size > 0)) {
    throw new UsageError('--check takes nothing else\nleave out the services and --set');
  }
  return { check, services, given };
}

function digestOf(text: string): [image: string, digest: string] {
  const equals = text.indexOf('=');
  if (equals < 1 || !DIGEST.test(text.slice(equals + 1))) {
    throw new UsageError(
      `--set ${text} has no digest\nwrite repository:tag=sha256: and 64 hexadecimal digits`,
    );
  }
  return [text.slice(0, equals), text.slice(equals + 1)];
}
