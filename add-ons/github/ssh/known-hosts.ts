import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { Fault } from '../runner/fault';

const SUBJECT = 'VPS_KNOWN_HOSTS';
const ENTRY = /^(@(cert-authority|revoked) +)?\S+ +(ssh|ecdsa|sk)-\S+ +[A-Za-z0-9+/]+=*( .*)?$/;

/** The lines of a known_hosts file. @throws {Fault} when one is none, without showing it */
export function readKnownHosts(text: string): string {
  const lines = text
    .replace(/\r\n?/g, '\n')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
  if (lines.length === 0) throw fault('is absent or empty');
  const wrong = lines.findIndex((line) => !ENTRY.test(line));
  if (wrong >= 0) {
    throw fault(
      /SHA256:/.test(lines[wrong]!)
        ? 'has a fingerprint where a key belongs'
        : `has a line (number ${wrong + 1} that is no comment) that is not "host type key"`,
    );
  }
  return `${lines.join('\n')}\n`;
}

/** As ssh looks a host up. */
export const nameInKnownHosts = (host: string, port: string): string =>
  port === '22' ? host : `[${host}]:${port}`;

/**
 * OpenSSH's own word on whether a file has a key of this host, hashed names and patterns included.
 *
 * @throws {Fault} when it has keys of other hosts alone
 */
export async function requireHost(file: string, host: string, port: string): Promise<void> {
  const found = await promisify(execFile)('ssh-keygen', [
    '-F',
    nameInKnownHosts(host, port),
    '-f',
    file,
  ]).then(
    () => true,
    ({ code }: { code?: unknown }) => {
      if (code === 'ENOENT')
        throw new Fault('there is no ssh-keygen on this machine', 'install an OpenSSH client');
      return false;
    },
  );
  if (!found) {
    throw fault(
      `has no key of VPS_HOST${port === '22' ? '' : ' with VPS_PORT (such lines begin with [host]:port)'}, but of another host`,
    );
  }
}

const fault = (what: string) =>
  new Fault(
    `the secret VPS_KNOWN_HOSTS ${what}`,
    'on a machine that connects to the server already: `ssh-keygen -F HOST`, or `ssh-keygen -F "[HOST]:PORT"`; compare the key with `ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub` in the provider\'s console',
    SUBJECT,
  );
