import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { stateFile } from '../../../lab/deploy/providers';
import type { DeployResult } from '../../../operations/deploy/result';
import { DeployCommand, type Ended } from '../../../proof/platform/deploy-command';
import { runningLab } from '../../e2e/support/lab';

const ROOT = resolve(__dirname, '../../..');

/** `./proctor deploy` on the lab that runs. */
export const deployCommand = (name = 'faults'): DeployCommand => new DeployCommand(runningLab(), ROOT, name);

/** The deploy's word and its exit code, `rolledBack (2)`. */
export const verdict = ({ status, result }: Ended): string =>
  `${result?.outcome ?? 'no verdict'} (${status ?? 'killed'})`;

/** Fails with all that was printed: what happened is in there. */
export function expectOutcome(ended: Ended, ...allowed: readonly DeployResult['outcome'][]): void {
  if (ended.result && allowed.includes(ended.result.outcome)) return;
  throw new Error(`${verdict(ended)} instead of ${allowed.join(' or ')}\n${ended.output}`);
}

/**
 * The services that Terraform's state knows, and how often it was written; nothing where nothing is applied.
 *
 * @throws when the file is no state
 */
export function readState(): { readonly services: readonly string[]; readonly serial: number } {
  if (process.env.E2E_NO_TERRAFORM) return { services: [], serial: 0 };
  const file = stateFile(runningLab().paths);
  if (!existsSync(file)) throw new Error(`there is no ${file}`);
  const { resources, serial } = JSON.parse(readFileSync(file, 'utf8')) as {
    readonly serial: number;
    readonly resources: readonly {
      readonly type: string;
      readonly name: string;
      readonly instances: unknown[];
    }[];
  };
  const services = resources.filter((one) => one.type === 'docker_service' && one.instances.length === 1);
  return { serial, services: services.map(({ name }) => name).sort() };
}
