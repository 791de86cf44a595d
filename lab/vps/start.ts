import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Lab, labUp } from '../cluster/infrastructure';
import { withLabLock } from '../cluster/lock';
import { LabError } from '../ground/error';
import { hasCommand, installPackages } from '../ground/packages';
import { type Print, runStep } from '../ground/progress';
import { readSettings } from '../ground/settings';
import { forgetState } from './deploy';
import { ensureDisk } from './disk';
import { startMachine } from './machine';
import { type MachinePaths, machinePaths } from './machine-paths';

export interface Machine {
  readonly lab: Lab;
  readonly paths: MachinePaths;
  /** Seconds until it answered over ssh. */
  readonly bootSeconds: number;
}

/**
 * The lab, for its registry and images, and beside it a virtual machine that is a bare server: what deploys have made of
 * it is on its disk, until it is to be fresh.
 *
 * @throws LabError where it cannot run, with what to do about it
 */
export async function startVps(options: {
  readonly fresh: boolean;
  readonly print?: Print;
}): Promise<Machine> {
  const print = options.print ?? console.log;
  if (process.arch !== 'x64') {
    throw new LabError(
      `the virtual machine is an x86 one, this is ${process.arch}`,
      'use a machine of that kind',
    );
  }
  const lab = await labUp({ print });
  const paths = machinePaths(lab.paths);
  return withLabLock(lab.paths, async () => {
    if (!hasCommand('mke2fs')) await installPackages([['mke2fs', ['e2fsprogs']]], print);
    await runStep(print, 'disk', (note) =>
      ensureDisk(lab.paths, paths, readSettings(lab.paths)!.registryPort, note),
    );
    if (options.fresh || !existsSync(join(paths.files, 'disk.qcow2'))) forgetState();
    const bootSeconds = await runStep(print, 'virtual machine', (note) =>
      startMachine(lab.paths, paths, note, options),
    );
    return { lab, paths, bootSeconds };
  });
}
