import type { Info, Service, Task } from '../../../../operations/docker/answers';
import { findContainer, type TaskApi } from '../../../../operations/provision/task';

const service = 'proctorwise_mariadb';
const running = { NodeID: 'node1', Status: { State: 'running', ContainerStatus: { ContainerID: 'c1' } } };

function api(tasks: () => object[], services: object[] = [{ Spec: { Name: service } }]): TaskApi {
  return {
    services: async () => services as Service[],
    tasks: async () => tasks() as Task[],
    info: async () => ({ Name: 'vps', Swarm: { NodeID: 'node1' } }) as Info,
  };
}

const find = (docker: TaskApi, milliseconds = 0) =>
  findContainer(docker, service, { until: Date.now() + milliseconds, pollMilliseconds: 1 });

test('finds the container of the running task', async () => {
  await expect(find(api(() => [{ ...running, Status: { State: 'starting' } }, running]))).resolves.toBe('c1');
});

test('waits for a task that is still starting', async () => {
  let calls = 0;
  const docker = api(() => {
    calls += 1;
    return calls < 4 ? [{ NodeID: 'node1', Status: { State: 'starting' } }] : [running];
  });
  await expect(find(docker, 60_000)).resolves.toBe('c1');
  expect(calls).toBe(4);
});

test('gives up at the deadline with what the tasks say', async () => {
  const docker = api(() => [{ NodeID: 'node1', Status: { State: 'pending', Err: 'no suitable node' } }]);
  await expect(find(docker)).rejects.toThrow(
    /no task of proctorwise_mariadb is running \(pending: no suitable node\)/,
  );
});

test('a task on another node is out of reach, and says where it is', async () => {
  const docker = api(() => [{ ...running, NodeID: 'node2' }]);
  await expect(find(docker)).rejects.toThrow(/runs on node node2, and this is vps \(node1\)/);
});

test('a service whose name merely begins the same is not the one', async () => {
  const docker = api(() => [running], [{ Spec: { Name: `${service}_backup` } }]);
  await expect(find(docker)).rejects.toThrow(/there is no service proctorwise_mariadb/);
});
