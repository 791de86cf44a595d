import type { Docker } from '../../../../operations/docker/client';
import { ConnectionError } from '../../../../operations/docker/explain';
import { gather } from '../../../../operations/security/gather';
import { processesIn } from '../../../../operations/security/processes';
import { facts, service } from './facts';

const LABEL = { 'com.docker.stack.namespace': 'shop' };
const STATUS = 'Name:\tuvicorn\nPid:\t1\nPPid:\t0\nUid:\t1000\t1000\t1000\t1000\nCapEff:\t0\nSeccomp:\t2\n\n';
const options = {
  target: { host: 'unix:///s', sshOptions: [], publicHost: '127.0.0.1' },
  stack: 'shop',
  backends: ['mariadb'],
  // Nobody listens there.
  entrance: { host: '127.0.0.1', https: 1, http: 1 },
  accept: [],
  json: false,
};
const cut = new ConnectionError('unreachable', 'cut', 'mend it');
const hangs = new Error('sh in the task gave no answer for 30 s');
const gone = Object.assign(new Error('no such container'), { statusCode: 404 });
const noShell = Object.assign(new Error('no sh'), { statusCode: 400 });

const docker = (more: Partial<Docker> = {}) =>
  ({
    info: async () => facts().info,
    services: async () => facts().services,
    nodes: async () => facts().nodes,
    networks: async () => [
      { Id: 'a', Name: 'shop_net', Labels: LABEL },
      { Id: 'b', Name: 'other' },
    ],
    tasks: async () => [],
    containers: async () => [
      { Id: 'c1', Labels: { ...LABEL, 'com.docker.swarm.service.name': 'shop_web' } },
      { Id: 'c2', Labels: LABEL },
    ],
    container: async () => ({}),
    exec: async () => ({ exitCode: 0, stdout: STATUS, stderr: '' }),
    ...more,
  }) as unknown as Docker;

test('asks the stack’s own tasks and networks, and what the kernel says of each process', async () => {
  const found = await gather(docker(), options);
  expect(found.networks.map(({ Name }) => Name)).toEqual(['shop_net']);
  expect(found.tasks).toEqual([
    {
      service: 'web',
      container: {},
      processes: [expect.objectContaining({ Name: 'uvicorn', Seccomp: '2' })],
    },
  ]);
  expect(found.open).toBe('no outside');
  expect(found.seen).toHaveProperty('error');
});

test('a container without a shell is asked the rest, one that has just ended is left out', async () => {
  const refuse = (error: Error) => async () => Promise.reject(error);
  const silent = await gather(docker({ exec: refuse(noShell) }), options);
  expect(silent.tasks).toEqual([{ service: 'web', container: {}, processes: undefined }]);
  expect((await gather(docker({ container: refuse(gone) }), options)).tasks).toEqual([]);
  await expect(gather(docker({ exec: refuse(cut) }), options)).rejects.toThrow('cut');
});

test('one whose shell does not answer is asked the rest, and the others all', async () => {
  const containers = async () =>
    ['web', 'api'].map((name) => ({
      Id: name,
      Labels: { ...LABEL, 'com.docker.swarm.service.name': `shop_${name}` },
    })) as never;
  const exec = async ({ containerId }: { containerId: string }) => {
    if (containerId === 'web') throw hangs;
    return { exitCode: 0, stdout: STATUS, stderr: '' };
  };
  const found = await gather(docker({ containers, exec }), options);
  expect(found.tasks).toEqual([
    { service: 'web', container: {}, processes: undefined },
    { service: 'api', container: {}, processes: [expect.objectContaining({ Name: 'uvicorn' })] },
  ]);
});

test('a task that runs on another node is not passed over', async () => {
  const on = (NodeID: string, ServiceID: string, State = 'running') => ({
    NodeID,
    ServiceID,
    Status: { State },
  });
  const found = await gather(
    docker({
      info: async () => ({ ...facts().info, Swarm: { NodeID: 'here' } }),
      services: async () => [service('web'), service('api'), service('edge')],
      tasks: async () =>
        [
          on('here', 'web'),
          on('there', 'api'),
          on('there', 'strange'),
          on('there', 'edge', 'starting'),
        ] as never,
    }),
    options,
  );
  expect(found.elsewhere).toEqual(['api']);
});

test('what is no answer of the script is none', () => {
  expect(processesIn('OCI runtime exec failed: exec: "sh": executable file not found')).toBeUndefined();
});

test('of a container’s processes those of its program count, not what comes into it from outside', () => {
  const status = (Name: string, Pid: number, PPid: number) =>
    `Name:\t${Name}\nPid:\t${Pid}\nPPid:\t${PPid}\nCapEff:\t0\n`;
  const all = [
    status('worker', 9, 7),
    status('mariadbd', 1, 0),
    status('child', 7, 1),
    // A health check, and who asks.
    status('sh', 40, 0),
    status('mariadb', 41, 40),
    status('runc:[2:INIT]', 50, 0),
  ];
  expect(processesIn(all.join('\n'))?.map(({ Name }) => Name)).toEqual(['worker', 'mariadbd', 'child']);
});
