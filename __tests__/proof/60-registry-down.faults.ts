import { NAMESPACE } from '../../lab/deploy/target';
import { startRegistry, stopRegistry } from '../../lab/engine/registry';
import { readSettings } from '../../lab/ground/settings';
import { runningLab } from '../e2e/support/lab';
import { enter } from './support/book';
import { expectOutcome, verdict } from './support/deploys';
import { deployedPlatform, describeApply } from './support/faults';
import { freshTag } from './support/images';
import { belongings, expectNothingLost, expectWayBack } from './support/keeps';
import { underLoad } from './support/load';
import { containers, tagsOf } from './support/swarm';

describeApply('the registry down during an update', () => {
  const platform = deployedPlatform();

  test('is found before anything changes; unchecked, the update is rolled back; later it goes through', async () => {
    const { paths } = runningLab();
    const before = await belongings();
    const serving = await containers();
    const fresh = await freshTag('userservice');
    await stopRegistry(paths);
    const [[checked, unchecked, later], counted] = await underLoad(async () => {
      const refused = await platform.command.deploy({ fresh: fresh.patch });
      const failed = await platform.command.again(['--skip-preflight']).ended;
      expect(await containers()).toEqual(serving);
      await startRegistry(paths, readSettings(paths)!);
      return [refused, failed, await platform.command.again().ended] as const;
    });
    expectOutcome(checked, 'preflight');
    expect(checked.output).toMatch(/✗ images .* does not answer for .*userservice/);
    expectOutcome(unchecked, 'rolledBack');
    const [row] = unchecked.result?.services ?? [];
    expect(row).toMatchObject({ service: 'userservice', outcome: 'rolledBack' });
    expect(row?.report).toMatch(
      new RegExp(`${NAMESPACE}_userservice.*\\n(.*\\n)*(No such image|failed to resolve reference)`, 'm'),
    );
    expectOutcome(later, 'converged');
    expect(await tagsOf('userservice')).toBe(`${fresh.tag}, ${fresh.tag}`);
    const back = await expectWayBack(platform.command, ['userservice']);
    enter(paths, {
      fault: 'the registry down during an update',
      counted,
      verdict: [checked, unchecked, later].map(verdict).concat(back).join(', '),
    });
    await expectNothingLost(before, counted);
    expect(counted.failed).toBe(0);
  });
});
