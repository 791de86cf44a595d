import type { DeployCommand } from '../../proof/platform/deploy-command';
import { oneImage } from '../../proof/platform/patch';
import { runningLab } from '../e2e/support/lab';
import { enter } from './support/book';
import { deployCommand, expectOutcome, verdict } from './support/deploys';
import { deployedPlatform, describeApply } from './support/faults';
import { belongings, expectNothingLost, expectWayBack } from './support/keeps';
import { underLoad } from './support/load';
import { tagsOf, updating } from './support/swarm';

describeApply('two deploys at once', () => {
  const platform = deployedPlatform();
  let other: DeployCommand | undefined;
  beforeAll(() => {
    other = deployCommand('faults-other');
  });
  afterAll(() => other?.remove());

  test('from two folders: the second says who holds the state, waits, and sees what the first did', async () => {
    const [from, alsoFrom] = [platform.command, other!];
    const before = await belongings();
    const [[first, second], counted] = await underLoad(async () => {
      const one = from.start({ one: oneImage('userservice', 'v2') });
      await updating('userservice');
      const two = alsoFrom.start({
        one: oneImage('userservice', 'v2'),
        two: oneImage('analyticsservice', 'v2'),
      });
      await two.says(/the state is locked by \S+ \(apply, since .* UTC\): waiting/);
      expect(one.child.exitCode).toBeNull();
      return [await one.ended, await two.ended] as const;
    });
    expectOutcome(first, 'converged');
    expectOutcome(second, 'converged');
    // What the first one did is no change any more.
    expect(second.result?.plan?.services.map(({ service }) => service)).toEqual(['analyticsservice']);
    expect([await tagsOf('userservice'), await tagsOf('analyticsservice')]).toEqual(['v2, v2', 'v2']);
    expectOutcome(await alsoFrom.again().ended, 'unchanged');
    const verdicts = [verdict(first), verdict(second)];
    expectOutcome(await alsoFrom.deploy(), 'converged');
    enter(runningLab().paths, {
      fault: 'two deploys at once, from two folders',
      verdict: verdicts.join(', '),
      counted,
    });
    await expectNothingLost(before, counted);
    expect(counted.failed).toBe(0);
  });

  test('from one folder: the second names the first’s process, waits, and has nothing to do', async () => {
    const before = await belongings();
    const one = platform.command.start({ one: oneImage('analyticsservice', 'v2') });
    await updating('analyticsservice');
    const two = platform.command.again();
    await two.says(/process \d+ deploys from this folder since .*: waiting/);
    const [first, second] = [await one.ended, await two.ended];
    expectOutcome(first, 'converged');
    expectOutcome(second, 'unchanged');
    const back = await expectWayBack(platform.command, ['analyticsservice']);
    enter(runningLab().paths, {
      fault: 'two deploys at once, from one folder',
      verdict: [verdict(first), verdict(second), back].join(', '),
    });
    await expectNothingLost(before);
  });
});
