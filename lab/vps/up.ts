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

const FLAGS = ['--fresh', '--stop', '--bare'];

/** `./proctor lab vps [--fresh | --bare | --stop]`: the platform on a virtual machine that starts as a bare server. */
async function main(): Promise<void> {
  const [flag, ...rest] = process.argv.slice(2);
  if (rest.length > 0 || (flag !== undefined && !FLAGS.includes(flag))) {
    throw new LabError(
      `./proctor lab vps does not know ${[flag, ...rest].join(' ')}`,
      'usage: ./proctor lab vps [--fresh (from a bare server) | --bare (the same, without a deploy) | --stop]',
    );
  }
  const paths = labPaths();
  if (flag === '--stop') {
    await runStep(console.log, 'virtual machine', () => stopMachine(paths, machinePaths(paths)));
    return labStop();
  }
  const { lab, paths: machine, bootSeconds } = await startVps({ fresh: flag !== undefined });
  console.log(`the server answers over ssh ${bootSeconds.toFixed(0)} s after its start`);
  if (flag !== '--bare') {
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

main().catch((error: unknown) => {
  console.error(`error: ${error instanceof LabError ? error.message : (error as Error).stack}`);
  process.exitCode = 1;
});
