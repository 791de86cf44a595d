import type { Info, Service, Task } from '../../../../operations/docker/answers';
import { logGrowth } from '../../../../operations/plan/log-growth';

const DAY = 86_400;
const GIB = 1024 ** 3;

/** A MariaDB that has written so much since it started, and the disk of its data. */
function docker({ written = 0, uptime = 0, freeKib = 0, fails = false }) {
  const ran: string[] = [];
  return {
    ran,
    services: async () => [{ ID: 's', Spec: { Name: 'shop_mariadb' } }] as unknown as Service[],
    tasks: async () =>
      [
        { NodeID: 'n', Status: { State: 'running', ContainerStatus: { ContainerID: 'c' } } },
      ] as unknown as Task[],
    info: async () => ({ Swarm: { NodeID: 'n' } }) as Info,
    exec: async ({ command }: { command: readonly string[] }) => {
      ran.push(command[0]!);
      if (fails) throw new Error('no such container');
      const stdout =
        command[0] === 'df'
          ? `Filesystem 1024-blocks Used Available Capacity Mounted on\n/dev/vda1 41000000 1 ${freeKib} 1% /var/lib/mysql\n`
          : `INNODB_OS_LOG_WRITTEN\t${written}\nUPTIME\t${uptime}\n`;
      return { exitCode: 0, stdout, stderr: '' };
    },
  };
}

const change = { service: 'mariadb', binaryLog: { keepsSeconds: 3 * DAY } };
const said = async (facts: Parameters<typeof docker>[0], changes: readonly object[] = [change]) =>
  (await logGrowth(docker(facts), 'shop', changes as (typeof change)[])).get('mariadb');

test('what a binary log will take is told by what was written, beside what is free', async () => {
  expect(await said({ written: 10 * GIB, uptime: 10 * DAY, freeKib: 20 * 1024 ** 2 })).toBe(
    'by what it wrote in the last 10 d, about 3.0 GiB in 3 d; 20 GiB are free',
  );
  expect(await said({ written: 100 * GIB, uptime: 10 * DAY, freeKib: 20 * 1024 ** 2 })).toBe(
    'by what it wrote in the last 10 d, about 30 GiB in 3 d; 20 GiB are free: NOT ENOUGH',
  );
});

test('a server that has just started says nothing of a day, and a log that is kept for ever has no size', async () => {
  expect(await said({ written: GIB, uptime: 60, freeKib: 1024 ** 2 })).toBe('1.0 GiB are free');
  expect(
    await said({ written: GIB, uptime: DAY, freeKib: 1024 ** 2 }, [{ service: 'mariadb', binaryLog: {} }]),
  ).toBe('1.0 GiB are free');
});

test('nobody is asked where no log comes on, and one that does not answer costs no plan', async () => {
  const calm = docker({});
  expect((await logGrowth(calm, 'shop', [{ service: 'mariadb' }])).size).toBe(0);
  expect(calm.ran).toEqual([]);
  expect(await said({ fails: true })).toBeUndefined();
});
