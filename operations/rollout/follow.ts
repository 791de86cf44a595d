import type { PlannedRollout } from '../../contract/rollout';
import type { SwarmClient } from '../docker/swarm-client';
import { deadlineSeconds, timingsOf } from './deadline';
import { LiveLine } from './live';
import { machineReport, report } from './report';
import { type Result, watch } from './watch';

export interface Manner {
  readonly json: boolean;
  readonly mayRollBack: boolean;
  readonly mayResume: boolean;
  readonly judgeStatus: boolean;
  /** Redraw the live line in place; several services would overwrite each other's. */
  readonly redraw: boolean;
}

/** Watches one service, shows it live, and prints its report. */
export async function follow(swarm: SwarmClient, rollout: PlannedRollout, manner: Manner): Promise<Result> {
  const { position, planned, service } = rollout;
  const timings = rollout.timings ?? {};
  const output = {
    isTTY: manner.redraw && process.stderr.isTTY,
    columns: process.stderr.columns,
    write: (text: string) => process.stderr.write(text),
  };
  const live = new LiveLine(position ? `[${position.index}/${position.total}] ${service}` : service, output);
  const { observeSeconds, stopGraceSeconds } = timingsOf(timings);
  const result = await watch({
    service,
    swarm,
    measure: {
      ...{ planned, observeSeconds, stopGraceSeconds },
      deadlineSeconds: deadlineSeconds(timings, planned.replicas ?? 1),
      mayRollBack: manner.mayRollBack,
      mayResume: manner.mayResume,
      judgeStatus: manner.judgeStatus,
    },
    onProgress: (progress, seconds) => live.show(progress, seconds),
  });
  live.end();
  process.stdout.write(`${manner.json ? JSON.stringify(machineReport(result)) : report(result, rollout)}\n`);
  return result;
}
