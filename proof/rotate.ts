import { runningLab } from './platform/lab';
import { runSuite } from './runner/suite';
import { readWish, type WrittenWish } from './runner/wish';
import { cutDeploys } from './scenarios/cut-deploys';
import { ROTATION_COLUMNS, rotations } from './scenarios/rotate';

/** `./proctor bench rotate`: every secret rotates and no client notices. Resolves to the exit code. */
export async function benchRotate(written: WrittenWish): Promise<number> {
  const wish = readWish(written, {
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
