import type { EnvironmentSpec } from '../../constructs';
import { frontOf } from '../../constructs/units';
import type { DerivedSecret } from '../../contract/derived-secret';
import type { Shell } from '../../contract/shell';
import type { PromisedCertificate } from '../../operations/certificates/doubt';
import { UsageError } from '../../operations/terminal/usage-error';
import { platform } from '../../services.config';
import { environmentOf } from '../read/environment';
import { derivedIn } from './derived';
import { promisedOf } from './promised';

/** How an environment is named and where it answers, as the catalogue says. */
export interface EnvironmentNames {
  readonly stack: string;
  /** Of the server; the catalogue may leave it to the shell. */
  readonly address?: string | undefined;
  /** Its secrets that are made from others, in the namespace given. @default none */
  readonly derived?: (namespace: string) => readonly DerivedSecret[];
  readonly backends: readonly string[];
  readonly httpsPort: number;
  readonly httpPort: number;
  readonly serverName: string;
  /** What stands before the server. */
  readonly front?: ReturnType<typeof frontOf>;
  /** Which certificate clients are to get. */
  readonly promised?: PromisedCertificate;
}

/**
 * Where the platform is asked as clients ask: who speaks no PROXY protocol hears nothing from the server itself, where that
 * expects it.
 *
 * @param publicHost where clients reach the server
 */
export const entranceOf = (
  { front, serverName }: Pick<EnvironmentNames, 'front' | 'serverName'>,
  publicHost: string,
): string => (front === 'proxy-protocol' ? serverName : publicHost);

/** @throws {UsageError} when one is asked for that the catalogue does not have */
export function namesOf(given: string | undefined, shell: Shell): EnvironmentNames {
  const id = environmentOf(given, shell);
  const environments: Readonly<Record<string, EnvironmentSpec<string> | undefined>> = platform.environments;
  const environment = environments[id];
  if (!environment && given !== undefined) {
    const known = Object.keys(environments).join(', ');
    throw new UsageError(`there is no environment "${id}" in services.config.ts\nname one of: ${known}`);
  }
  const { host } = environment ?? {};
  return {
    address: typeof host === 'string' ? host : host?.address,
    stack: environment?.name ?? platform.name,
    derived: (namespace) => derivedIn(id, namespace),
    backends: Object.keys(platform.backends ?? {}),
    httpsPort: environment?.ports?.https ?? 443,
    httpPort: environment?.ports?.http ?? 80,
    serverName: environment?.serverName ?? platform.serverName,
    front: frontOf(environment?.trustedProxies),
    promised: promisedOf(environment?.tls ?? platform.tls),
  };
}
