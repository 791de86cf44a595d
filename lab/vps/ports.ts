import type { Shell } from '../../contract/shell';
import { LabError } from '../ground/error';

/** Ports on 127.0.0.1 of this machine that lead to ports of the virtual one, which takes them for the outside. */
export interface MachinePorts {
  readonly ssh: number;
  readonly http: number;
  readonly https: number;
  /** Of the Swarm's managers: it must not answer. */
  readonly manager: number;
  /** One that a container publishes beside the platform: it must not answer either. */
  readonly published: number;
}

/** In the virtual machine. */
export const INSIDE: MachinePorts = {
  ssh: 22,
  http: 80,
  https: 443,
  manager: 2377,
  published: 9000,
};

const DEFAULT_FIRST = 12400;
const LAST = 65535 - Object.keys(INSIDE).length + 1;

/** Five ports from `LAB_VPS_PORT` on. @default 12400 */
export function machinePorts(shell: Shell = process.env): MachinePorts {
  const first = Number(shell.LAB_VPS_PORT || DEFAULT_FIRST);
  if (!Number.isInteger(first) || first < 1 || first > LAST) {
    throw new LabError(
      `LAB_VPS_PORT=${shell.LAB_VPS_PORT} leaves no room for the ports of the virtual machine`,
      `set it to a number from 1 to ${LAST}, or leave it out`,
    );
  }
  return { ssh: first, http: first + 1, https: first + 2, manager: first + 3, published: first + 4 };
}
