import type { Info } from '../docker/answers';

/** How `DriverStatus` says that images are containerd's: the default of a new Docker 29, a choice before. */
const CONTAINERD_STORE = 'io.containerd.snapshotter.v1';
const CONTAINERD_CONFIG = '/etc/containerd/config.toml';
const CONTAINERD_ROOT = '/var/lib/containerd';
const DOCKER_ROOT = '/var/lib/docker';

/** Folders that fill as the engine works, with what is in them. */
export interface DataFolder {
  readonly folder: string;
  /** What a pull writes to. */
  readonly images: boolean;
}

export type ImageStore = Pick<Info, 'DockerRootDir' | 'DriverStatus' | 'Containerd'>;

/**
 * The engine's own folder and, where containerd keeps the images, containerd's: another folder, so maybe another disk.
 *
 * @param read what a file of the server says; nothing where it may not be read
 */
export async function dataFolders(
  { DockerRootDir, DriverStatus, Containerd }: Partial<ImageStore>,
  read: (file: string) => Promise<string>,
): Promise<readonly [DataFolder, ...DataFolder[]]> {
  const root = DockerRootDir || DOCKER_ROOT;
  const store = (DriverStatus ?? []).some(([, value]) => value === CONTAINERD_STORE);
  // A containerd that Docker itself started has its folder in Docker's.
  const own = /\/docker\/containerd\//.test(Containerd?.Address ?? '');
  if (!store || own) return [{ folder: root, images: true }];
  const folder = rootIn(await read(CONTAINERD_CONFIG)) ?? CONTAINERD_ROOT;
  return [
    { folder: root, images: false },
    { folder, images: true },
  ];
}

/** `root = "/data/containerd"`, before the first table of the file. */
export function rootIn(toml: string): string | undefined {
  const top = toml.split(/^\s*\[/m)[0] ?? '';
  return /^\s*root\s*=\s*(["'])(\/.*?)\1\s*(#.*)?$/m.exec(top)?.[2];
}
