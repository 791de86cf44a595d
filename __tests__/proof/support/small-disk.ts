import { rmSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { LabPaths } from '../../../lab/ground/paths';
import { run } from '../../../lab/ground/shell';

const MIB = 1024 ** 2;

/**
 * A copy of the stopped engine's data on a small file system of its own, in its place: filling it fills nothing else.
 * Removing it brings the data of before back.
 */
export class SmallDisk {
  private readonly image: string;
  private readonly filler: string;

  private constructor(private readonly paths: LabPaths) {
    this.image = join(paths.dir, 'engine.ext4');
    this.filler = join(paths.data, 'filler');
  }

  /** @throws CommandError where there is no ext4, no loop device or no room */
  static async instead(paths: LabPaths, freeMebibytes: number): Promise<SmallDisk> {
    const disk = new SmallDisk(paths);
    const used = Number.parseInt(await run('du', ['--summarize', '--block-size=1M', paths.data]), 10);
    // Inodes, the journal and directories take their part.
    const size = Math.ceil(used * 1.15) + 64 + freeMebibytes;
    const copy = join(paths.dir, 'engine.copy');
    try {
      await run('truncate', ['--size', `${size}M`, disk.image]);
      await run('mkfs.ext4', ['-q', '-F', '-m', '0', '-i', '8192', disk.image]);
      await run('mkdir', ['-p', copy]);
      await run('mount', ['-o', 'loop', disk.image, copy]);
      await run('cp', ['--archive', `${paths.data}/.`, copy]);
      await run('mount', ['--move', copy, paths.data]);
      return disk;
    } catch (error) {
      await run('umount', [copy]).catch(() => '');
      rmSync(disk.image, { force: true });
      throw error;
    } finally {
      rmSync(copy, { recursive: true, force: true });
    }
  }

  /** Takes all room, root's included. */
  async fill(): Promise<void> {
    await run('fallocate', ['--length', `${await this.freeBytes()}`, this.filler]).catch(() => '');
    // What allocation in one piece leaves over.
    await run('sh', ['-c', `cat /dev/zero >> '${this.filler}'`]).catch(() => '');
  }

  free(): void {
    rmSync(this.filler, { force: true });
  }

  async freeMebibytes(): Promise<number> {
    return (await this.freeBytes()) / MIB;
  }

  /** The engine must not run any more. */
  async remove(): Promise<void> {
    await run('umount', [this.paths.data]);
    rmSync(this.image);
  }

  private async freeBytes(): Promise<number> {
    const { bavail, bsize } = await statfs(this.paths.data);
    return bavail * bsize;
  }
}
