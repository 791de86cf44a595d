import { readFileSync } from 'node:fs';
import { NAMESPACE } from '../../lab/deploy/target';
import { processesOf } from '../../lab/ground/processes';
import { eventually } from '../../lab/ground/shell';
import { oneImage } from '../../proof/platform/patch';
import { runningLab } from '../e2e/support/lab';
import { enter } from './support/book';
import { expectOutcome, verdict } from './support/deploys';
import { deployedPlatform, describeApply } from './support/faults';
import { belongings, expectNothingLost, expectWayBack } from './support/keeps';
import { underLoad } from './support/load';
import { containers, tagsOf, updating } from './support/swarm';

describeApply('the gate killed', () => {
  const platform = deployedPlatform();

  test('the deploy claims no success; the next one has the verdict and restarts nothing', async () => {
    const before = await belongings();
    const [[first, second], counted] = await underLoad(async () => {
      const deploy = platform.command.start({ one: oneImage('userservice', 'v2') });
      await updating('userservice');
      process.kill(await gateOf('userservice'), 'SIGKILL');
      const killed = await deploy.ended;
      const rolled = async () =>
        (await tagsOf('userservice')) === 'v2, v2' && (await containers('userservice')).length === 2;
      expect(await eventually(180, rolled)).toBe(true);
      const there = await containers();
      const again = await platform.command.again().ended;
      expect(await containers()).toEqual(there);
      return [killed, again] as const;
    });
    expect(first.status).toBe(1);
    expect(first.result?.services).toEqual([
      expect.objectContaining({ service: 'userservice', outcome: 'unknown' }),
    ]);
    expectOutcome(second, 'converged');
    const back = await expectWayBack(platform.command, ['userservice']);
    enter(runningLab().paths, {
      fault: 'the gate killed, then applied again',
      counted,
      verdict: [verdict(first), verdict(second), back].join(', '),
    });
    await expectNothingLost(before, counted);
    expect(counted.failed).toBe(0);
  });
});

/** The process that watches a service, by what it was told to watch. */
async function gateOf(service: string): Promise<number> {
  const { paths } = runningLab();
  const isGate = (pid: number): boolean => {
    try {
      const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
      const environment = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
      const told = environment.find((line) => line.startsWith('ROLLOUT='));
      // Its ssh has the same environment, and ends with it.
      return /node$/.test(words[0] ?? '') && Boolean(told?.includes(`"${NAMESPACE}_${service}"`));
    } catch {
      return false;
    }
  };
  const find = () => processesOf(paths, 'deploy').find(isGate);
  await eventually(30, () => find() !== undefined);
  const pid = find();
  if (pid === undefined) throw new Error(`nobody watches ${service}`);
  return pid;
}
