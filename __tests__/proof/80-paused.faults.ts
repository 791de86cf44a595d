import { eventually } from '../../lab/ground/shell';
import { oneImage } from '../../proof/platform/patch';
import { runningLab } from '../e2e/support/lab';
import { enter } from './support/book';
import { expectOutcome, verdict } from './support/deploys';
import { deployedPlatform, describeApply } from './support/faults';
import { belongings, expectNothingLost, expectUnchanged } from './support/keeps';
import { underLoad } from './support/load';
import { containers, engine, service, tagsOf } from './support/swarm';

describeApply('a rollback that paused half-way', () => {
  const platform = deployedPlatform();

  test('is gone on with by the next deploy, which says so', async () => {
    const before = await belongings();
    const [[first, second], counted] = await underLoad(async () => {
      const deploy = platform.command.start({ one: oneImage('userservice', 'v2') });
      expect(await eventually(240, async () => (await tagsOf('userservice')) === 'v2, v2')).toBe(true);
      // The gate still observes; an operator rolls back, and the first task of that is killed.
      await rollBackHalfWay();
      const superseded = await deploy.ended;
      return [superseded, await platform.command.deploy()] as const;
    });
    expectOutcome(first, 'superseded');
    expectOutcome(second, 'converged');
    expect(second.output).toContain('resumed the rollback that an earlier deploy left paused half-way');
    expect(await tagsOf('userservice')).toBe('v1, v1');
    expect((await service('userservice')).UpdateStatus?.State).toBe('completed');
    await expectUnchanged(platform.command);
    enter(runningLab().paths, {
      fault: 'a rollback that paused half-way',
      counted,
      verdict: [verdict(first), verdict(second)].join(', '),
    });
    await expectNothingLost(before, counted);
  });
});

async function rollBackHalfWay(): Promise<void> {
  const old = await containers('userservice');
  await engine('service', 'rollback', '--detach', 'proctorwise_userservice');
  const state = async () => (await service('userservice')).UpdateStatus?.State;
  const killed = async () => {
    const fresh = (await containers('userservice')).filter((id) => !old.includes(id));
    if (fresh.length > 0) await engine('kill', ...fresh).catch(() => '');
    return (await state()) === 'rollback_paused';
  };
  expect(await eventually(60, killed)).toBe(true);
  expect(await tagsOf('userservice')).toContain('v2');
}
