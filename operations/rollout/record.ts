import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { GateLine } from '../../contract/gate-line';
import type { KeptReport } from '../../contract/gate-report';
import type { PlannedRollout } from '../../contract/rollout';
import { machineReport, report } from './report';
import type { Result } from './watch';

/**
 * Leaves the outcome as `<service>.json` in a folder, for the process that runs Terraform: that one makes every failure
 * exit 1 and cuts the report into lines. The file is there whole or not at all.
 *
 * @throws when the folder cannot be written
 */
export function record(folder: string, result: Result, rollout: PlannedRollout): void {
  const name = result.service.replace(/[^A-Za-z0-9._-]/g, '_');
  const content: KeptReport = { ...machineReport(result), report: report(result, rollout) };
  mkdirSync(folder, { recursive: true });
  const fresh = join(folder, `.${name}.${process.pid}`);
  writeFileSync(fresh, `${JSON.stringify(content)}\n`, { mode: 0o600 });
  renameSync(fresh, join(folder, `${name}.json`));
}

/** Text for people, each of its lines in the form that `./proctor deploy` reads. */
export const encodeLines = (gate: GateLine['gate'], text: string): string =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => `${JSON.stringify({ gate, text: line } satisfies GateLine)}\n`)
    .join('');
