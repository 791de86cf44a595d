import type { Shell } from '../../contract/shell';
import { UsageError } from '../../operations/terminal/usage-error';

/** The environment of services.config.ts that is meant. @throws {UsageError} for what cannot be the name of one */
export function environmentOf(given: string | undefined, shell: Shell): string {
  const name = given ?? (shell.PLATFORM_ENVIRONMENT || 'production');
  if (/^[A-Za-z0-9_][A-Za-z0-9_-]*$/.test(name)) return name;
  throw new UsageError(`"${name}" is not the name of an environment\nwrite one of services.config.ts`);
}
