import { askRoutes, expectAnswers } from '../../../lab/deploy/requests';
import { waitForServices } from '../../../lab/deploy/services';
import { sleep } from '../../../lab/ground/shell';
import type { FrontDoor } from '../../../proof/deploy/front-door';
import { runningLab } from '../../e2e/support/lab';
import { expectOutcome, readState, verdict } from './front-door';
import { tagsOf, volumes } from './swarm';
import type { Counted } from './traffic';

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

/** What is deployed is what runs, as far as Terraform can tell, and the way back to v1 is open. */
export async function expectWayBack(door: FrontDoor, services: readonly string[]): Promise<string> {
  expectOutcome(await door.again().ended, 'unchanged');
  const back = await door.deploy();
  expectOutcome(back, 'converged');
  for (const name of services) expect(new Set((await tagsOf(name)).split(', '))).toEqual(new Set(['v1']));
  return verdict(back);
}

/** Every service has its tasks and every route answers, several times in a row. */
export async function expectServing(seconds = 240): Promise<void> {
  const lab = runningLab();
  await waitForServices(lab.paths, () => {}, seconds);
  const end = Date.now() + seconds * 1000;
  for (let good = 0; good < 3; ) {
    try {
      expectAnswers(await askRoutes(lab));
      good += 1;
    } catch (error) {
      if (Date.now() > end) throw error;
      good = 0;
    }
    await sleep(0.5);
  }
}
