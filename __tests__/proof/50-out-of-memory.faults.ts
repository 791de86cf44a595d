import { runningLab } from '../e2e/support/lab';
import { enter } from './support/book';
import { expectOutcome, verdict } from './support/deploys';
import { deployedPlatform, describeApply } from './support/faults';
import { belongings, expectNothingLost, expectUnchanged } from './support/keeps';
import { underLoad } from './support/load';
import { containers } from './support/swarm';

/** Python alone fits, with its libraries it does not. */
const LIMIT_MEBIBYTES = 32;

describeApply('too little memory for one application', () => {
  const platform = deployedPlatform();

  test('the verdict names it, Swarm puts the service back, and the older task serves all the while', async () => {
    const before = await belongings();
    const serving = await containers();
    const limit = {
      catalogue: `platform.services.analyticsservice.limits = { ...platform.services.analyticsservice.limits, memory: constructs.Memory.mebibytes(${LIMIT_MEBIBYTES}) };`,
    };
    const [said, counted] = await underLoad(() => platform.command.deploy({ limit }));
    expectOutcome(said, 'rolledBack');
    const [row] = said.result?.services ?? [];
    expect(row).toMatchObject({ service: 'analyticsservice', outcome: 'rolledBack' });
    expect(row?.report).toMatch(/likely cause: the kernel killed it: its memory limit is too low/);
    expect(await containers()).toEqual(serving);
    const back = await platform.command.deploy();
    expectOutcome(back, 'converged', 'unchanged');
    enter(runningLab().paths, {
      fault: `${LIMIT_MEBIBYTES} MiB for analyticsservice`,
      counted,
      verdict: [verdict(said), verdict(back)].join(', '),
    });
    await expectUnchanged(platform.command);
    expect(await containers()).toEqual(serving);
    await expectNothingLost(before, counted);
    expect(counted.failed).toBe(0);
  });
});
