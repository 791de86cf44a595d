import { startEngine } from '../../lab/engine/engine';
import type { LabPaths } from '../../lab/ground/paths';
import { processesOf } from '../../lab/ground/processes';
import { readSettings } from '../../lab/ground/settings';
import { eventually, sleep } from '../../lab/ground/shell';
import type { UnderWay } from '../../proof/platform/deploy-command';
import { oneImage } from '../../proof/platform/patch';
import { runningLab } from '../e2e/support/lab';
import { enter } from './support/book';
import { expectOutcome, verdict } from './support/deploys';
import { deployedPlatform, describeApply } from './support/faults';
import { belongings, expectNothingLost, expectServing, expectWayBack } from './support/keeps';
import { underLoad } from './support/load';
import { tagsOf, updating } from './support/swarm';

const AWAY_SECONDS = 5;

describeApply('dockerd killed in the middle of a roll', () => {
  const platform = deployedPlatform();

  test.each<[string, (deploy: UnderWay) => Promise<void>]>([
    ['while Terraform updates a service', () => updating('userservice')],
    ['while the gate watches', (deploy) => deploy.says(/proctorwise_userservice \d\/2/)],
  ])(
    '%s: only what ended well is called so, the next deploy goes on, nothing acknowledged is lost',
    async (when, comes) => {
      const { paths } = runningLab();
      const before = await belongings();
      const [said, counted] = await underLoad(async () => {
        const deploy = platform.command.start({ one: oneImage('userservice', 'v2') });
        await comes(deploy);
        await killEngine(paths);
        await sleep(AWAY_SECONDS);
        await startEngine(paths, readSettings(paths)!, () => {});
        const first = await deploy.ended;
        await expectServing();
        return first;
      });
      // Terraform may have needed the daemon just then, and Swarm may call the tasks that ended with it failures of the update.
      if (/watches/.test(when)) expectOutcome(said, 'converged', 'rolledBack');
      const verdicts = [verdict(said)];
      if (said.status !== 0) {
        const again = await platform.command.again().ended;
        expectOutcome(again, 'converged');
        verdicts.push(verdict(again));
      }
      expect(await tagsOf('userservice')).toBe('v2, v2');
      verdicts.push(await expectWayBack(platform.command, ['userservice']));
      enter(paths, {
        fault: `dockerd killed ${when}, back after ${AWAY_SECONDS} s`,
        verdict: verdicts.join(', '),
        counted,
      });
      await expectNothingLost(before, counted);
    },
  );
});

/** With the engine its cell ends and every container in it, as when the machine loses its power. */
async function killEngine(paths: LabPaths): Promise<void> {
  for (const pid of processesOf(paths, 'engine')) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // The kernel was faster: the cell's first process takes all others with it.
    }
  }
  await eventually(20, () => processesOf(paths, 'engine').length === 0);
}
