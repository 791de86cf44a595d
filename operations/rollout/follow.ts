import type { PlannedRollout } from '../../contract/rollout';
import type { SwarmClient } from '../docker/swarm-client';
import { drawnOn } from '../terminal/terminal';
import { limitsOf } from './deadline';
import { LiveLine } from './live';
import { encodeLines } from './record';
import { machineReport, report } from './report';
import { type Result, watch } from './watch';

export interface Manner {
  readonly json: boolean;
  readonly mayRollBack: boolean;
  readonly mayResume: boolean;
  readonly judgeStatus: boolean;
  /** Redraw the live line in place; several services would overwrite each other's. */
  readonly redraw: boolean;
  /** `./proctor deploy` reads the lines. @default people do */
  readonly underDeploy?: boolean;
}

/** Watches one service, shows it live, and prints its report. */
export async function follow(swarm: SwarmClient, rollout: PlannedRollout, manner: Manner): Promise<Result> {
  const { position, planned, service } = rollout;
  const { underDeploy = false } = manner;
  const terminal = drawnOn(process.stderr, process.env);
  const output = {
    isTTY: manner.redraw && terminal.isTTY && !underDeploy,
    get columns() {
      return terminal.columns;
    },
    get rows() {
      return terminal.rows;
    },
    write: (text: string) => process.stderr.write(underDeploy ? encodeLines('progress', text) : text),
  };
  const live = new LiveLine(position ? `[${position.index}/${position.total}] ${service}` : service, output);
  const result = await watch({
    service,
    swarm,
    measure: {
      planned,
      ...limitsOf(rollout.timings, planned.replicas),
      mayRollBack: manner.mayRollBack,
      mayResume: manner.mayResume,
      judgeStatus: manner.judgeStatus,
    },
    onProgress: (progress, seconds) => live.show(progress, seconds),
  });
  live.end();
  if (manner.json) process.stdout.write(`${JSON.stringify(machineReport(result))}\n`);
  else say(report(result, rollout), underDeploy);
  return result;
}

export function say(text: string, underDeploy: boolean): void {
  process.stdout.write(underDeploy ? encodeLines('report', text) : `${text}\n`);
}
