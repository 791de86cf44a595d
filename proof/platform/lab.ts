import { type Lab, labStatus } from '../../lab/cluster/infrastructure';
import { askRoutes, expectAnswers } from '../../lab/deploy/requests';
import { PORTS } from '../../lab/deploy/target';
import { LabError } from '../../lab/ground/error';
import { run, sleep } from '../../lab/ground/shell';

/** Where clients ask. */
export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

export const endpointOf = (lab: Pick<Lab, 'address'>): Endpoint => ({
  address: lab.address,
  port: PORTS.https,
});

/** The lab, started where it does not run. */
export async function runningLab(): Promise<Lab> {
  if (!labStatus()) {
    console.log('starting the lab');
    await run(process.execPath, ['proctor', 'lab', 'up']);
  }
  const lab = labStatus();
  if (!lab) throw new LabError('the lab does not run', 'start it: ./proctor lab up');
  return { ...lab, images: [] };
}

/** Until every route answers, several times in a row. @throws LabError with what does not */
export async function untilServing(lab: Lab, seconds: number): Promise<void> {
  const end = Date.now() + seconds * 1000;
  for (let good = 0; good < 3; ) {
    try {
      expectAnswers(await askRoutes(lab));
      good++;
    } catch (error) {
      if (Date.now() > end) throw error;
      good = 0;
    }
    await sleep(0.5);
  }
}
