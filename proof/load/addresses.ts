import { cableOf } from '../../lab/engine/network';
import type { LabPaths } from '../../lab/ground/paths';
import { labAddress, readSettings } from '../../lab/ground/settings';
import { run } from '../../lab/ground/shell';

/** The first of the spare ones in the lab's /24; the lab itself has .1, .2, .11 and .12. */
const FIRST = 100;
const MOST = 100;

export interface Addresses {
  readonly list: readonly string[];
  remove(): Promise<void>;
}

/**
 * Gives this machine's end of the lab's cable more addresses, so that as many clients seem to ask: nginx limits each.
 * What an earlier run left is taken over.
 *
 * @throws Error when the lab does not run
 */
export async function addAddresses(paths: LabPaths, count: number): Promise<Addresses> {
  const settings = readSettings(paths);
  if (!settings) throw new Error(`there is no lab in ${paths.dir}\n  start one: ./proctor lab up`);
  if (count < 1 || count > MOST) throw new Error(`${count} addresses: from 1 to ${MOST} are available`);
  const list = Array.from({ length: count }, (_, index) => labAddress(settings, FIRST + index));
  const each = (verb: string) =>
    list.map((address) => `address ${verb} ${address}/24 dev ${cableOf(paths)}`).join('\n');
  await run('ip', ['-batch', '-'], { input: each('replace') });
  return {
    list,
    remove: async () => {
      await run('ip', ['-force', '-batch', '-'], { input: each('del') }).catch(() => {});
    },
  };
}
