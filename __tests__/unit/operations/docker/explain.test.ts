import { ConnectionError, explain } from '../../../../operations/docker/explain';
import { CarrierEnded } from '../../../../operations/docker/stdio-socket';

const ssh = (stderr: string, code = 255) => new CarrierEnded(code, stderr);

// What OpenSSH 9, the Docker client and the daemon really print.
test.each([
  ['ssh: connect to host vps port 22: Connection refused', 'unreachable', /Connection refused/],
  ['ssh: Could not resolve hostname vps: Name or service not known', 'unreachable', /resolve/],
  ['ssh: connect to host vps port 22: Connection timed out', 'unreachable', /firewall/],
  [
    '@@@\n@ WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED! @\n@@@\nHost key verification failed.',
    'hostKey',
    /ssh-keygen -R/,
  ],
  [
    'No ED25519 host key is known for vps and you have requested strict checking.\nHost key verification failed.',
    'hostKey',
    /fingerprint/,
  ],
  ['deploy@vps: Permission denied (publickey).', 'denied', /ssh-add -l/],
  ['docker@vps: Permission denied (publickey).', 'denied', /ssh-add -l/],
  ['root@docker: Permission denied (publickey,password).', 'denied', /ssh-add -l/],
  [
    'mux_client_request_session: session request failed: Session open refused by peer\ndocker: command not found',
    'noDocker',
    /install Docker/,
  ],
  ['bash: line 1: docker: command not found', 'noDocker', /install Docker/],
  ['sh: 1: docker: not found', 'noDocker', /install Docker/],
  [
    'permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock',
    'noPermission',
    /usermod -aG docker/,
  ],
  [
    'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?',
    'daemonDown',
    /systemctl start docker/,
  ],
] as const)('tells %j as %s', (stderr, problem, remedy) => {
  const error = explain(ssh(stderr), 'ssh://deploy@vps');
  expect(error?.problem).toBe(problem);
  expect(error?.message).toMatch(remedy);
  expect(error?.message.split('\n')).toHaveLength(2);
});

const api = (statusCode: number, message: string) => Object.assign(new Error(message), { statusCode });

test('tells a daemon that is not a manager from one without a leader', () => {
  const plain = explain(api(503, 'This node is not a swarm manager. Use "docker swarm init"'), 'unix:///s');
  expect(plain?.problem).toBe('notManager');
  expect(plain?.mayPass).toBe(false);
  const leaderless = explain(api(500, 'rpc error: The swarm does not have a leader'), 'unix:///s');
  expect(leaderless?.problem).toBe('noLeader');
  expect(leaderless?.mayPass).toBe(true);
});

test('leaves an answer about the request itself alone', () => {
  expect(explain(api(404, 'service x not found'), 'unix:///s')).toBeUndefined();
  expect(explain(api(500, 'update out of sequence'), 'unix:///s')).toBeUndefined();
  const recorded = 'rpc error: code = Unknown desc = update out of sequence';
  expect(explain(api(500, recorded), 'unix:///s')).toBeUndefined();
});

// As swarmkit writes them; older engines make HTTP 500 of most.
test.each([
  'rpc error: code = Unavailable desc = transport is closing',
  'rpc error: code = DeadlineExceeded desc = context deadline exceeded',
  'rpc error: code = Canceled desc = context canceled',
  'rpc error: code = Aborted desc = dispatcher is stopped',
  'rpc error: code = Unknown desc = raft: failed to process the request: node losing leader status',
  "rpc error: code = Unknown desc = The swarm does not have a leader. It's possible that too few managers are online.",
])('%s passes by itself', (message) => {
  for (const status of [500, 503, 504]) {
    expect(explain(api(status, message), 'unix:///s')).toMatchObject({ problem: 'noLeader', mayPass: true });
  }
});

test.each([
  [400, 'rpc error: code = InvalidArgument desc = ContainerSpec: image reference must be provided'],
  [404, 'rpc error: code = NotFound desc = service x not found'],
  [412, 'rpc error: code = FailedPrecondition desc = service x does not have a previous spec'],
  [500, 'rpc error: code = InvalidArgument desc = secret target mode must not exceed 0777'],
  [500, 'rpc error: code = FailedPrecondition desc = service x does not have a previous spec'],
  [500, 'rpc error: code = ResourceExhausted desc = grpc: received message larger than max'],
  [500, 'rpc error: code = Unknown desc = name conflicts with an existing object'],
  [500, "rpc error: code = Unknown desc = raft: raft message is too large and can't be sent"],
  [500, 'open /srv/draft/raft.json: permission is missing'],
])('%i %s is about the request, and nothing to wait for', (status, message) => {
  expect(explain(api(status, message), 'unix:///s')).toBeUndefined();
});

test('tells a missing socket and a missing ssh from each other', () => {
  const socket = Object.assign(new Error('connect ENOENT /s'), { code: 'ENOENT', syscall: 'connect' });
  const program = Object.assign(new Error('spawn ssh ENOENT'), { code: 'ENOENT', syscall: 'spawn ssh' });
  expect(explain(socket, 'unix:///s')?.problem).toBe('daemonDown');
  expect(explain(program, 'ssh://vps')?.problem).toBe('noSsh');
});

test('explains only once', () => {
  const error = new ConnectionError('denied', 'a', 'b');
  expect(explain(error, 'ssh://vps')).toBe(error);
});

test('a mistake of this program is no trouble with the connection, and is not waited out', () => {
  expect(explain(new TypeError("reading 'x' of undefined"), 'unix:///s')).toBeUndefined();
  const ofNode = Object.assign(new TypeError('Invalid URL'), { code: 'ECONNREFUSED' });
  expect(explain(ofNode, 'unix:///s')?.problem).toBe('daemonDown');
});
