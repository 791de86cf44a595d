import { labStop } from '../cluster/infrastructure';
import { LabError } from '../ground/error';
import { labPaths } from '../ground/paths';
import { runStep } from '../ground/progress';
import { deployToMachine } from './deploy';
import { stopMachine } from './machine';
import { machinePaths } from './machine-paths';
import { servicesOf } from './platform';
import { machinePorts } from './ports';
import { startVps } from './start';

export interface LabVpsOptions {
  readonly fresh: boolean;
  /** Fresh, and nothing is deployed. */
  readonly bare: boolean;
  readonly stop: boolean;
}

/** `./proctor lab vps`: the platform on a virtual machine that starts as a bare server. */
export async function runLabVps({ fresh, bare, stop }: LabVpsOptions): Promise<void> {
  const paths = labPaths();
  if (stop) {
    await runStep(console.log, 'virtual machine', () => stopMachine(paths, machinePaths(paths)));
    return labStop();
  }
  const { lab, paths: machine, bootSeconds } = await startVps({ fresh: fresh || bare });
  console.log(`the server answers over ssh ${bootSeconds.toFixed(0)} s after its start`);
  if (!bare) {
    const { status, seconds } = await deployToMachine(lab, machine, console.log);
    if (status !== 0)
      throw new LabError(`the deploy ended with ${status}`, 'see what it says above; run it again');
    console.log(`\ndeployed after ${seconds.toFixed(0)} s\n${(await servicesOf(machine)).join('\n')}`);
  }
  console.log(`
ssh -F ${machine.sshConfig} vps
https://127.0.0.1:${machinePorts().https}/
./proctor lab vps --stop   turns it off; its disk stays
./proctor lab down         removes every trace`);
}
