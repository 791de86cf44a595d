import { NAMESPACE } from '../../lab/deploy/target';
import { startRegistry, stopRegistry } from '../../lab/engine/registry';
import { readSettings } from '../../lab/ground/settings';
import type { FrontDoor } from '../../proof/deploy/front-door';
import { runningLab } from '../e2e/support/lab';
import { enter } from './support/book';
import { describeApply } from './support/faults';
import { expectOutcome, frontDoor, verdict } from './support/front-door';
import { freshTag } from './support/images';
import { belongings, expectNothingLost, expectServing, expectWayBack } from './support/keeps';
import { containers, tagsOf } from './support/swarm';
import { underLoad } from './support/traffic';

describeApply('the registry down during an update', () => {
  let door: FrontDoor;
  beforeAll(async () => {
    door = frontDoor();
    expectOutcome(await door.deploy(), 'unchanged', 'converged');
    await expectServing();
  });
  afterAll(() => door.remove());

  test('is found before anything changes; unchecked, the update is rolled back; later it goes through', async () => {
    const { paths } = runningLab();
    const before = await belongings();
    const serving = await containers();
    const fresh = await freshTag('userservice');
    await stopRegistry(paths);
    const [[checked, unchecked, later], counted] = await underLoad(async () => {
      const refused = await door.deploy({ fresh: fresh.patch });
      const failed = await door.again(['--skip-preflight']).ended;
      expect(await containers()).toEqual(serving);
      await startRegistry(paths, readSettings(paths)!);
      return [refused, failed, await door.again().ended] as const;
    });
    expectOutcome(checked, 'preflight');
    expect(checked.output).toMatch(/✗ images .* does not answer for .*userservice/);
    expectOutcome(unchecked, 'rolledBack');
    const [row] = unchecked.result?.services ?? [];
    expect(row).toMatchObject({ service: 'userservice', outcome: 'rolledBack' });
    expect(row?.report).toMatch(new RegExp(`${NAMESPACE}_userservice.*\\n(.*\\n)*.*No such image`, 'm'));
    expectOutcome(later, 'converged');
    expect(await tagsOf('userservice')).toBe(`${fresh.tag}, ${fresh.tag}`);
    const back = await expectWayBack(door, ['userservice']);
    enter(paths, {
      ...{ fault: 'the registry down during an update', counted },
      verdict: [checked, unchecked, later].map(verdict).concat(back).join(', '),
    });
    await expectNothingLost(before, counted);
    expect(counted.failed).toBe(0);
  });
});
