import { start } from './load/entry';
import { runningLab } from './platform/lab';
import { readWish } from './runner/arguments';
import { runSuite } from './runner/suite';
import { cutDeploys } from './scenarios/cut-deploys';
import { ROTATION_COLUMNS, rotations } from './scenarios/rotate';

/** `npm run bench:rotate [-- --only database,jwt] [--rate 0.3] [--minutes 60]`: every secret rotates and no client notices. */
async function main(args: readonly string[]): Promise<number> {
  const wish = readWish(args, {
    command: 'bench:rotate',
    scenarios: rotations,
    // Half an hour.
    onRequest: cutDeploys,
    rate: 0.3,
  });
  const suite = {
    scenarios: [...rotations, ...cutDeploys],
    columns: ROTATION_COLUMNS,
    sumTitle: 'all',
    independent: true,
    needsTerraform: true,
  };
  return runSuite(await runningLab(), suite, wish);
}

start(main);
