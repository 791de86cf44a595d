import { spawnSync } from 'node:child_process';

/** A shell that stands for a family of images: Debian's dash, Alpine's busybox, and bash where `sh` is a link to it. */
export interface PosixShell {
  readonly name: string;
  readonly argv: readonly [string, ...string[]];
}

const CANDIDATES: readonly PosixShell[] = [
  { name: 'dash', argv: ['dash'] },
  { name: 'busybox', argv: ['busybox', 'sh'] },
  { name: 'bash', argv: ['bash', '--posix'] },
];

/** The shells of this machine; `missing` names those that it lacks, so that a test can say what it did not prove. */
export function posixShells(): { readonly found: PosixShell[]; readonly missing: string[] } {
  const works = ({ argv: [file, ...rest] }: PosixShell) =>
    spawnSync(file, [...rest, '-c', 'exit 0'], { stdio: 'ignore' }).status === 0;
  const found = CANDIDATES.filter(works);
  return { found, missing: CANDIDATES.filter((shell) => !found.includes(shell)).map(({ name }) => name) };
}
