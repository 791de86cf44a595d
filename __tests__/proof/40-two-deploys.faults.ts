import type { FrontDoor } from '../../proof/deploy/front-door';
import { oneImage } from '../../proof/roll/platform';
import { runningLab } from '../e2e/support/lab';
import { enter } from './support/book';
import { describeApply } from './support/faults';
import { expectOutcome, frontDoor, verdict } from './support/front-door';
import { belongings, expectNothingLost, expectServing, expectWayBack } from './support/keeps';
import { tagsOf, updating } from './support/swarm';
import { underLoad } from './support/traffic';

describeApply('two deploys at once', () => {
  let door: FrontDoor;
  let other: FrontDoor;
  beforeAll(async () => {
    door = frontDoor();
    other = frontDoor('faults-other');
    expectOutcome(await door.deploy(), 'unchanged', 'converged');
    await expectServing();
  });
  afterAll(() => {
    door.remove();
    other.remove();
  });

  test('from two folders: the second says who holds the state, waits, and sees what the first did', async () => {
    const before = await belongings();
    const [[first, second], counted] = await underLoad(async () => {
      const one = door.start({ one: oneImage('userservice', 'v2') });
      await updating('userservice');
      const two = other.start({
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
    expectOutcome(await other.again().ended, 'unchanged');
    const verdicts = [verdict(first), verdict(second)];
    expectOutcome(await other.deploy(), 'converged');
    enter(runningLab().paths, {
      ...{ fault: 'two deploys at once, from two folders', verdict: verdicts.join(', '), counted },
    });
    await expectNothingLost(before, counted);
    expect(counted.failed).toBe(0);
  });

  test('from one folder: the second names the first’s process, waits, and has nothing to do', async () => {
    const before = await belongings();
    const one = door.start({ one: oneImage('analyticsservice', 'v2') });
    await updating('analyticsservice');
    const two = door.again();
    await two.says(/process \d+ deploys from this folder since .*: waiting/);
    const [first, second] = [await one.ended, await two.ended];
    expectOutcome(first, 'converged');
    expectOutcome(second, 'unchanged');
    const back = await expectWayBack(door, ['analyticsservice']);
    enter(runningLab().paths, {
      fault: 'two deploys at once, from one folder',
      verdict: [verdict(first), verdict(second), back].join(', '),
    });
    await expectNothingLost(before);
  });
});
