import { waitForServices } from '../../../lab/deploy/services';
import { sleep } from '../../../lab/ground/shell';
import type { DeployCommand, Ended } from '../../../proof/platform/deploy-command';
import { untilServing } from '../../../proof/platform/lab';
import { runningLab } from '../../e2e/support/lab';
import { expectOutcome, readState, verdict } from './deploys';
import type { Counted } from './load';
import { tagsOf, volumes } from './swarm';

/** What no fault may take away. */
export interface Belongings {
  readonly volumes: readonly string[];
  readonly services: readonly string[];
  readonly serial: number;
}

export const belongings = async (): Promise<Belongings> => ({ volumes: await volumes(), ...readState() });

/** Volumes, the state's services and every acknowledged row are there. */
export async function expectNothingLost(before: Belongings, counted?: Counted): Promise<void> {
  const now = await belongings();
  expect(now).toMatchObject({ volumes: before.volumes, services: before.services });
  expect(now.serial).toBeGreaterThanOrEqual(before.serial);
  if (!counted) return;
  expect(counted.acknowledged).toBeGreaterThan(0);
  expect(counted.lost).toBe(0);
}

/** How long a service that has failed again and again counts as not well. */
const UNWELL_SECONDS = 120;

/** Soon after a fault a deploy with nothing to do may say that services were not well, which must pass. */
export async function expectSettled(
  command: DeployCommand,
  ended: Ended,
  ...allowed: Parameters<typeof expectOutcome>[1][]
): Promise<void> {
  if (ended.result?.outcome !== 'unwell') return expectOutcome(ended, ...allowed);
  await sleep(UNWELL_SECONDS);
  expectOutcome(await command.again().ended, 'unchanged');
}

export const expectUnchanged = async (command: DeployCommand): Promise<void> =>
  expectSettled(command, await command.again().ended, 'unchanged');

/** What is deployed is what runs, as far as Terraform can tell, and the way back to v1 is open. */
export async function expectWayBack(command: DeployCommand, services: readonly string[]): Promise<string> {
  await expectUnchanged(command);
  const back = await command.deploy();
  expectOutcome(back, 'converged');
  for (const name of services) expect(new Set((await tagsOf(name)).split(', '))).toEqual(new Set(['v1']));
  return verdict(back);
}

/** Every service has its tasks and every route answers, several times in a row. */
export async function expectServing(seconds = 240): Promise<void> {
  const lab = runningLab();
  await waitForServices(lab.paths, () => {}, seconds);
  await untilServing(lab, seconds);
}
