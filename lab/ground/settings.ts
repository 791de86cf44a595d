import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { basename } from 'node:path';
import type { Shell } from '../../contract/shell';
import { LabError } from './error';
import type { LabPaths } from './paths';

/** What is decided once, at a lab's first start, and kept as long as its folder lives. */
export interface LabSettings {
  /** The lab's own /24 between this machine (`.1`) and the engine (`.2`). */
  readonly subnet: string;
  /** On 127.0.0.1. */
  readonly sshPort: number;
  /** On 127.0.0.1, of this machine and of the engine alike. */
  readonly registryPort: number;
  /** Both registry processes serve the same uploads, so they must sign them alike. */
  readonly registrySecret: string;
  /** The folder was made for the lab, so all of it goes with the lab. */
  readonly ownsFolder: boolean;
}

/** @returns undefined when there is no lab, or nothing that says so */
export function readSettings(paths: LabPaths): LabSettings | undefined {
  try {
    return JSON.parse(readFileSync(paths.settings, 'utf8')) as LabSettings;
  } catch {
    return undefined;
  }
}

/**
 * The lab's settings, made at its first start. `LAB_SSH_PORT` and `LAB_REGISTRY_PORT` change its ports.
 *
 * @throws LabError when they are to change while it runs, since the images' names have the port in them
 */
export function ensureSettings(
  paths: LabPaths,
  isRunning: () => boolean,
  shell: Shell = process.env,
): LabSettings {
  const known = readSettings(paths);
  const settings: LabSettings = {
    subnet: known?.subnet ?? findFreeSubnet(paths.id, ownAddresses()),
    sshPort: port('LAB_SSH_PORT', shell, known?.sshPort ?? 12222),
    registryPort: port('LAB_REGISTRY_PORT', shell, known?.registryPort ?? 15000),
    registrySecret: known?.registrySecret ?? randomBytes(16).toString('hex'),
    ownsFolder: known?.ownsFolder ?? (basename(paths.dir) === '.lab' || isUnused(paths.dir)),
  };
  const moves = known && (known.sshPort !== settings.sshPort || known.registryPort !== settings.registryPort);
  if (moves && isRunning()) {
    throw new LabError(
      `the lab runs on ports ${known.sshPort} and ${known.registryPort}, not on those that are asked for`,
      'unset LAB_SSH_PORT and LAB_REGISTRY_PORT, or remove the lab first: `./proctor lab down`',
    );
  }
  mkdirSync(paths.dir, { recursive: true });
  writeFileSync(`${paths.settings}.new`, `${JSON.stringify(settings, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${paths.settings}.new`, paths.settings);
  return settings;
}

/** The address with this last number in the lab's subnet: 1 is this machine, 2 the engine, 11 and 12 spare clients. */
export const labAddress = (settings: LabSettings, host: number): string =>
  settings.subnet.replace(/0\/24$/, String(host));

/** The first free one of 10.213.0.0/24 … 10.213.255.0/24, counted from where the lab's id points. */
export function findFreeSubnet(id: string, addresses: readonly string[]): string {
  const start = Number.parseInt(id.slice(0, 2), 16);
  for (let step = 0; step < 256; step++) {
    const prefix = `10.213.${(start + step) % 256}.`;
    if (!addresses.some((address) => address.startsWith(prefix))) return `${prefix}0/24`;
  }
  throw new LabError('all of 10.213.0.0/16 is in use on this machine', 'remove the labs that are not needed');
}

const isUnused = (folder: string): boolean =>
  !existsSync(folder) || readdirSync(folder).every((name) => name === 'lock');

function ownAddresses(): string[] {
  return Object.values(networkInterfaces()).flatMap((list) => (list ?? []).map(({ address }) => address));
}

function port(name: string, shell: Shell, otherwise: number): number {
  const text = shell[name];
  if (!text) return otherwise;
  const number = Number(text);
  if (Number.isInteger(number) && number > 0 && number < 65536) return number;
  throw new LabError(
    `${name}=${text} is not a port`,
    `set ${name} to a number from 1 to 65535, or leave it out`,
  );
}
