import { JOB_LABEL, JOB_OF_LABEL } from '../../../../contract/job';
import type { Service, Task } from '../../../../operations/docker/answers';
import { letGo } from '../../../../operations/rollout/holders/let-go';

const rollout = {
  service: 'shop_web',
  planned: { image: 'x', secrets: [{ id: 'new' }], configs: [{ id: 'launcher' }] },
};
const job = (ID: string, of: string, secret: string) =>
  ({
    ID,
    Spec: {
      Name: ID,
      Labels: { [JOB_LABEL]: 'run', [JOB_OF_LABEL]: of },
      TaskTemplate: {
        ContainerSpec: { Image: 'x', Secrets: [{ SecretID: secret }], Configs: [{ ConfigID: 'launcher' }] },
      },
    },
  }) as unknown as Service;

function swarm(jobs: Service[], stateOf: (id: string) => string | undefined) {
  const said: string[] = [];
  const removed: string[] = [];
  const stopped = new Set<string>();
  return {
    said,
    removed,
    say: (line: string) => said.push(line),
    docker: {
      jobs: async () => jobs.filter(({ ID }) => !removed.includes(ID)),
      tasks: async ({ service: [id = ''] = [] }: { service?: readonly string[] } = {}) => {
        const State = stopped.has(id) ? undefined : stateOf(id);
        return State ? [{ Status: { State } } as unknown as Task] : [];
      },
      service: async (id: string) => ({ ...jobs.find(({ ID }) => ID === id), Version: { Index: 1 } }),
      updateService: async (id: string) => {
        stopped.add(id);
      },
      removeService: async (id: string) => {
        removed.push(id);
      },
    },
  };
}

test('jobs of others, and those that hold what stays, are left alone', async () => {
  const { docker, said, removed, say } = swarm(
    [job('a', 'shop_web', 'new'), job('b', 'shop_other', 'old')],
    () => 'running',
  );
  await letGo(docker as never, rollout, say, async () => {});
  expect([said, removed]).toEqual([[], []]);
});

test('one that has ended and is still there goes, without a word', async () => {
  const { docker, said, removed, say } = swarm([job('a', 'shop_web', 'old')], () => 'complete');
  await letGo(docker as never, rollout, say, async () => {});
  expect(removed).toEqual(['a']);
  expect(said.join()).not.toMatch(/stopped/);
});

test('one that is under way is waited for', async () => {
  let waits = 0;
  const jobs = [job('a', 'shop_web', 'old')];
  const { docker, said, removed, say } = swarm(jobs, () => 'running');
  await letGo(docker as never, rollout, say, async () => {
    waits += 1;
    if (waits === 10) jobs.pop();
  });
  expect(removed).toEqual([]);
  expect(said).toEqual(['waiting for a, 300 s at most: it holds what this deploy removes']);
});

test('but not for ever', async () => {
  const { docker, said, removed, say } = swarm([job('a', 'shop_web', 'old')], () => 'running');
  await letGo(docker as never, rollout, say, async () => {});
  expect(removed).toEqual(['a']);
  // Its program runs no more when its job goes: Docker 20.10 would leave it.
  expect(await docker.tasks({ service: ['a'] })).toEqual([]);
  expect(said.at(-1)).toBe('stopped a: it holds what this deploy removes');
});
