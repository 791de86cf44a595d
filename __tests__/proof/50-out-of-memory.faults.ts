import type { FrontDoor } from '../../proof/deploy/front-door';
import { runningLab } from '../e2e/support/lab';
import { enter } from './support/book';
import { describeApply } from './support/faults';
import { expectOutcome, frontDoor, verdict } from './support/front-door';
import { belongings, expectNothingLost, expectServing } from './support/keeps';
import { containers } from './support/swarm';
import { underLoad } from './support/traffic';

/** Python alone fits, with its libraries it does not. */
const LIMIT_MEBIBYTES = 32;

describeApply('too little memory for one application', () => {
  let door: FrontDoor;
  beforeAll(async () => {
    door = frontDoor();
    expectOutcome(await door.deploy(), 'unchanged', 'converged');
    await expectServing();
  });
  afterAll(() => door.remove());

  test('the verdict names it, Swarm puts the service back, and the older task serves all the while', async () => {
    const before = await belongings();
    const serving = await containers();
    const limit = {
      catalogue: `platform.services.analyticsservice.limits = { ...platform.services.analyticsservice.limits, memory: constructs.Memory.mebibytes(${LIMIT_MEBIBYTES}) };`,
    };
    const [said, counted] = await underLoad(() => door.deploy({ limit }));
    expectOutcome(said, 'rolledBack');
    const [row] = said.result?.services ?? [];
    expect(row).toMatchObject({ service: 'analyticsservice', outcome: 'rolledBack' });
    expect(row?.report).toMatch(/likely cause: the kernel killed it: its memory limit is too low/);
    expect(await containers()).toEqual(serving);
    const back = await door.deploy();
    expectOutcome(back, 'converged', 'unchanged');
    enter(runningLab().paths, {
      ...{ fault: `${LIMIT_MEBIBYTES} MiB for analyticsservice`, counted },
      verdict: [verdict(said), verdict(back)].join(', '),
    });
    expectOutcome(await door.again().ended, 'unchanged');
    expect(await containers()).toEqual(serving);
    await expectNothingLost(before, counted);
    expect(counted.failed).toBe(0);
  });
});
