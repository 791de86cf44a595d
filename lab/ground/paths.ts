import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** Where everything of one lab is. All of it lies in one folder, which `labDown` removes. */
export interface LabPaths {
  readonly dir: string;
  /** Six hex digits that tell this lab's network namespace, interface and cgroup from another's. */
  readonly id: string;
  /** The private engine's socket. */
  readonly socket: string;
  /** `ssh -F <this> lab` reaches the lab; so does the provider with `ssh_opts = ["-F", <this>]`. */
  readonly sshConfig: string;
  /** A folder for the front of PATH: its `ssh` uses `sshConfig`, so that `DOCKER_HOST=ssh://…` needs no ~/.ssh. */
  readonly bin: string;
  /** Shell lines that point a terminal at the lab: `. .lab/env`. */
  readonly env: string;
  /** `PublishedImage[]` as JSON. */
  readonly images: string;
  /** `repository:tag` → digest, as images.lock.json has it. */
  readonly imageLock: string;
  /** As secrets.salt.json has it; there after a lost state was recovered. */
  readonly secretSalts: string;
  /** One JSON object per line for each mail that arrived. */
  readonly mails: string;
  /** The mail server's pair, and the certificate of the CA that it is from. */
  readonly mailTls: string;
  readonly settings: string;
  readonly logs: string;
  readonly cache: string;
  readonly data: string;
  /** All that further nodes of the Swarm have. */
  readonly nodes: string;
  readonly registry: string;
  readonly ssh: string;
}

/** @param dir the lab's folder. @default `LAB_DIR`, or `.lab` in the current folder */
export function labPaths(dir: string = process.env.LAB_DIR || '.lab'): LabPaths {
  const root = resolve(dir);
  const at = (...parts: string[]) => join(root, ...parts);
  return {
    dir: root,
    id: createHash('sha256').update(root).digest('hex').slice(0, 6),
    socket: at('docker.sock'),
    sshConfig: at('ssh', 'config'),
    bin: at('bin'),
    env: at('env'),
    images: at('images.json'),
    imageLock: at('images.lock.json'),
    secretSalts: at('secrets.salt.json'),
    mails: at('mails.jsonl'),
    mailTls: at('mail-tls'),
    settings: at('lab.json'),
    logs: at('logs'),
    cache: at('cache'),
    data: at('engine'),
    nodes: at('nodes'),
    registry: at('registry'),
    ssh: at('ssh'),
  };
}

/** The one whose state `./proctor deploy` from this folder has, too. */
export const isDefault = ({ dir }: Pick<LabPaths, 'dir'>): boolean => dir === resolve('.lab');

/** A file of the project's `lab/` folder, found from the sources as well as from a bundle that runs in the project. */
export function labFile(...parts: string[]): string {
  for (let folder = __dirname; ; folder = dirname(folder)) {
    const file = join(folder, 'lab', ...parts);
    if (existsSync(file)) return file;
    if (dirname(folder) === folder) return join(process.cwd(), 'lab', ...parts);
  }
}
