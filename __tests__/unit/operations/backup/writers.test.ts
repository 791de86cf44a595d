import { readStopped, startWriters, stopWriters } from '../../../../operations/backup/writers';
import type { Docker, NewConfig } from '../../../../operations/docker/client';
import type { SwarmClient } from '../../../../operations/docker/swarm-client';

jest.mock('../../../../operations/rollback/watch-return', () => ({
  watchReturn: async (_: unknown, name: string) =>
    name === 'shop_bad'
      ? { outcome: 'timedOut', reason: 'never healthy' }
      : { outcome: 'converged', reason: '' },
}));

/** A Swarm with services of so many tasks, and its configs. */
class FakeSwarm {
  readonly configsThere = new Map<string, NewConfig>();
  readonly replicas: Record<string, number>;

  constructor(replicas: Record<string, number>) {
    this.replicas = { ...replicas };
  }

  readonly docker = {
    services: async () =>
      Object.entries(this.replicas).map(([name, Replicas]) => ({
        ID: name,
        Version: { Index: 1 },
        Spec: { Name: name, Mode: { Replicated: { Replicas } } },
      })),
    updateService: async (
      id: string,
      _: number,
      { Mode }: { Mode: { Replicated: { Replicas: number } } },
    ) => {
      this.replicas[id] = Mode.Replicated.Replicas;
    },
    tasks: async () =>
      Object.values(this.replicas).flatMap((count) => Array(count).fill({ Status: { State: 'complete' } })),
    configs: async () => [...this.configsThere].map(([ID, Spec]) => ({ ID, Spec })),
    createConfig: async (spec: NewConfig) => {
      if (this.configsThere.has(spec.Name)) throw Object.assign(new Error('taken'), { statusCode: 409 });
      this.configsThere.set(spec.Name, spec);
    },
    removeConfig: async (id: string) => {
      this.configsThere.delete(id);
    },
  } as unknown as Docker;

  readonly client = { docker: this.docker } as unknown as SwarmClient;
}
const said: string[] = [];
const say = (line: string) => said.push(line);

test('who writes is stopped, remembered in the Swarm, and comes back as it was', async () => {
  const swarm = new FakeSwarm({ shop_api: 3, shop_web: 1, shop_nginx: 1 });
  const stopped = await stopWriters(swarm.docker, 'shop', ['shop_api', 'shop_web']);
  expect(swarm.replicas).toEqual({ shop_api: 0, shop_web: 0, shop_nginx: 1 });
  expect(await readStopped(swarm.docker, 'shop')).toEqual(stopped);
  expect(await startWriters(swarm.client, 'shop', stopped, say)).toEqual([]);
  expect(swarm.replicas).toEqual({ shop_api: 3, shop_web: 1, shop_nginx: 1 });
  expect(await readStopped(swarm.docker, 'shop')).toBeUndefined();
});

test('after a restore that was cut off, they come back as they were before it', async () => {
  const swarm = new FakeSwarm({ shop_api: 3 });
  const first = await stopWriters(swarm.docker, 'shop', ['shop_api']);
  const again = await stopWriters(swarm.docker, 'shop', ['shop_api']);
  expect(again).toEqual(first);
  await startWriters(swarm.client, 'shop', again, say);
  expect(swarm.replicas).toEqual({ shop_api: 3 });
});

test('one that does not come back is told, and it stays remembered', async () => {
  const swarm = new FakeSwarm({ shop_bad: 1, shop_api: 1 });
  const stopped = await stopWriters(swarm.docker, 'shop', ['shop_bad', 'shop_api']);
  expect(await startWriters(swarm.client, 'shop', stopped, say)).toEqual(['shop_bad: never healthy']);
  expect(await readStopped(swarm.docker, 'shop')).toEqual(stopped);
});

test('what is not there yet is not waited for', async () => {
  const swarm = new FakeSwarm({});
  const stopped = await stopWriters(swarm.docker, 'shop', ['shop_api']);
  expect(stopped.replicas).toEqual({});
  expect(await startWriters(swarm.client, 'shop', stopped, say)).toEqual([]);
});
