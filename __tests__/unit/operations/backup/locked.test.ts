import { lockedAtLast, lockedBy } from '../../../../operations/backup/locked';
import { noteWriters, stopWriters } from '../../../../operations/backup/writers';
import { FakeSwarm } from './restore/fake-swarm';

let swarm: FakeSwarm;
jest.mock('../../../../operations/docker/client', () => ({
  withDocker: async (_: unknown, work: (docker: unknown) => unknown) => work(swarm.docker),
}));
const stack = { namespace: 'shop', host: 'unix:///nothing', sshOptions: [] };

test('no deploy starts who writes while a restore replaces what they write', async () => {
  swarm = new FakeSwarm({ shop_api: 2 });
  expect(await lockedBy(stack)).toBeUndefined();
  await noteWriters(swarm.docker, 'shop', ['shop_api']);
  await stopWriters(swarm.docker, ['shop_api']);
  swarm.jobs['shop_backup-restore-job'] = { of: 'shop_backup', kind: 'backup restore', state: 'running' };
  for (const locked of [lockedBy, lockedAtLast])
    expect(await locked(stack)).toMatch(/^a restore is under way, and .*nothing was changed\n {2}let it end/);
});

test('a server that does not tell has no lock at first, and stops the deploy in the last look before the apply', async () => {
  swarm = new FakeSwarm({ shop_api: 2 });
  expect(await lockedAtLast(stack)).toBeUndefined();
  const configs = async () => {
    throw new Error('403 by a proxy');
  };
  swarm = { docker: { ...swarm.docker, configs } } as never;
  expect(await lockedBy(stack)).toBeUndefined();
  await expect(lockedAtLast(stack)).rejects.toThrow('403 by a proxy');
});
