import { createHash } from 'node:crypto';
import { isIP } from 'node:net';
import type { Resources } from '../../swarm';
import { Cpu, Memory } from '../../units';

/** A certificate from Let's Encrypt or another ACME server, asked for and renewed on the server by certbot. */
export interface AcmeSpec {
  /**
   * Let's Encrypt or another ACME server.
   * @example mode: 'letsencrypt'
   * @change rolls nginx
   */
  readonly mode: 'letsencrypt';
  /**
   * certbot 4.0 or newer (older ones renew by days, not by lifetime), `repository:tag`; its digest is in
   * images.lock.json.
   * @example image: 'certbot/certbot:v5.8.0'
   * @change restarts certbot, for which nobody waits
   */
  readonly image: string;
  /**
   * The ACME account's; the CA's terms are agreed to in its name.
   * @example email: 'operations@example.com'
   * @change restarts certbot, for which nobody waits
   */
  readonly email: string;
  /**
   * `staging` gives certificates that no browser trusts, under limits that are hard to reach: for trying.
   * `production` is limited to 5 certificates for the same names in 7 days (letsencrypt.org/docs/rate-limits). A URL
   * is the directory of another ACME server.
   * @example directory: 'staging'
   * @change restarts certbot, which gets a new certificate, and rolls nginx
   */
  readonly directory: 'staging' | 'production' | `https://${string}`;
  /**
   * Further host names of the certificate, besides `serverName`.
   * @default none
   * @example names: ['www.example.com']
   * @change restarts certbot, which gets a new certificate, and rolls nginx
   */
  readonly names?: readonly string[];
  /**
   * Let's Encrypt's `tlsserver` (45 days) or `shortlived` (6 days), or what another server offers.
   * @default the server's own choice
   * @example profile: 'shortlived'
   * @change restarts certbot, for which nobody waits
   */
  readonly profile?: string;
  /**
   * PEM file, relative to the project: CAs that the ACME server's own certificate is checked against.
   * @default the image's
   * @example caFile: 'certificates/ca.pem'
   * @change restarts certbot, for which nobody waits
   */
  readonly caFile?: string;
  /**
   * Check that each name leads to this server before the CA is asked. `false` where a server cannot reach itself
   * under its public name (NAT without hairpin).
   * @default true
   * @example selfCheck: false
   * @change restarts certbot, for which nobody waits
   */
  readonly selfCheck?: boolean;
  /**
   * Strict-Transport-Security for two years: browsers then refuse any certificate that they do not trust, with no way
   * to click past it, also after the mode is changed. Only with `production`.
   * @default true with `production`
   * @example hsts: false
   * @change rolls nginx
   */
  readonly hsts?: boolean;
  /**
   * What certbot may use at most.
   * @default 0.25 CPU, 192 MiB
   * @example limits: { cpus: Cpu.cores(0.5), memory: Memory.mebibytes(256) }
   * @change restarts certbot, for which nobody waits
   */
  readonly limits?: Resources;
  /**
   * What is kept free for certbot.
   * @default 0.02 CPU, 64 MiB
   * @example reservations: { cpus: Cpu.cores(0.05), memory: Memory.mebibytes(64) }
   * @change restarts certbot, for which nobody waits
   */
  readonly reservations?: Resources;
}

/** Python and one request at a time; it sleeps for all but a few seconds of a day. */
export const CERTBOT_SIZE = {
  limits: { cpus: Cpu.cores(0.25), memory: Memory.mebibytes(192) },
  reservations: { cpus: Cpu.cores(0.02), memory: Memory.mebibytes(64) },
} as const satisfies Readonly<Record<string, Resources>>;

const DIRECTORIES = {
  production: 'https://acme-v02.api.letsencrypt.org/directory',
  staging: 'https://acme-staging-v02.api.letsencrypt.org/directory',
} as const;

/** What certbot is told. */
export interface AcmeOrder {
  readonly directory: string;
  /** The main one first. */
  readonly names: readonly string[];
  /** Where certbot keeps it: a lineage for each directory, so that a changed one starts afresh and never finds another CA's. */
  readonly lineage: string;
  /** Where the CA looks for the challenge. */
  readonly httpPort: number;
}

/** @throws Error when no ACME server would, or the catalogue contradicts itself */
export function acmeOrder(
  spec: AcmeSpec,
  serverName: string,
  ports: { readonly http: number; readonly https: number },
): AcmeOrder {
  const isLetsEncrypt = spec.directory === 'staging' || spec.directory === 'production';
  const names = [...new Set([serverName, ...(spec.names ?? [])])];
  for (const name of names) checkName(name, isLetsEncrypt);
  checkText('email', spec.email, /^[^\s,@"']+@[^\s,@"']+\.[^\s,@"']+$/, "operations@example.com'");
  checkText('profile', spec.profile ?? 'tlsserver', /^[\w.-]+$/, "tlsserver'");
  if (isLetsEncrypt && ports.http !== 80) {
    refuse(
      `the environment's HTTP port is ${ports.http}, but Let's Encrypt looks for its challenge on port 80 alone`,
      'publish port 80, or use self-signed or provided there',
    );
  }
  if (spec.hsts && spec.directory !== 'production') {
    refuse(
      `hsts with the directory ${spec.directory}: browsers would shut everybody out who once saw a certificate that they trust`,
      "remove it, or use directory: 'production'",
    );
  }
  const directory = isLetsEncrypt ? DIRECTORIES[spec.directory as keyof typeof DIRECTORIES] : spec.directory;
  checkText(
    'directory',
    directory,
    /^https:\/\/[^\s,/"']+\/[^\s,"']*$/,
    "https://ca.example.com/acme/directory'",
  );
  return { directory, names, lineage: lineageOf(spec.directory, serverName), httpPort: ports.http };
}

/** The plain name is production's, as on a server on which certbot was run by hand. */
function lineageOf(directory: AcmeSpec['directory'], serverName: string): string {
  if (directory === 'production') return serverName;
  const suffix =
    directory === 'staging' ? directory : createHash('sha256').update(directory).digest('hex').slice(0, 10);
  return `${serverName}-${suffix}`;
}

/** A host name in DNS's letters; `localhost` and the like are nobody's to vouch for. */
const HOST = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/i;

function checkName(name: string, isLetsEncrypt: boolean): void {
  if (isIP(name) !== 0 || /^[0-9.]+$/.test(name)) {
    refuse(
      `'${name}' is an address: for addresses Let's Encrypt has 6-day certificates of a kind that is not asked for here`,
      "give serverName a host name that leads to the server, or use mode 'self-signed'",
    );
  }
  if (name.startsWith('*.')) {
    refuse(
      `'${name}' is a wildcard, which a CA gives against a DNS record only, not over HTTP`,
      "write each name, or use mode 'provided'",
    );
  }
  if (!HOST.test(name) || (isLetsEncrypt && !name.includes('.'))) {
    refuse(
      `'${name}' is no public host name`,
      "write it as in DNS: exam.example.com; or use mode 'self-signed'",
    );
  }
}

function checkText(what: string, value: string, shape: RegExp, example: string): void {
  if (!shape.test(value)) refuse(`${what} '${value}' cannot be one`, `write it like '${example}`);
}

function refuse(problem: string, fix: string): never {
  throw new Error(`tls: ${problem}\n  ${fix}`);
}
