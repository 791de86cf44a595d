import type { ServiceSpec } from '../../../../operations/docker/answers';
import { complaintsOf } from '../../../../operations/hardening/complaints';
import { LABEL, refusalOf, trialName, trialOf, UNTIL_LABEL } from '../../../../operations/hardening/trial';

const spec = {
  Name: 'shop_web',
  Labels: { 'com.docker.stack.namespace': 'shop' },
  TaskTemplate: {
    ForceUpdate: 7,
    ContainerSpec: {
      Image: 'shop/web:1@sha256:aa',
      Labels: { 'com.docker.stack.namespace': 'shop' },
      Args: ['--drain=6', '--', 'web'],
      Secrets: [{ SecretID: 's1' }],
      Mounts: [{ Type: 'volume', Source: 'shop_files', Target: '/files' }],
    },
    RestartPolicy: { Condition: 'any' },
    Resources: { Limits: { MemoryBytes: 2 }, Reservations: { MemoryBytes: 1 } },
    Networks: [{ Target: 'n1', Aliases: ['web'] }],
  },
  Mode: { Replicated: { Replicas: 3 } },
  UpdateConfig: { Order: 'start-first' },
} as unknown as ServiceSpec;
const hardening = { capAdd: ['CHOWN'], tmpfs: ['/tmp', '/files'], readOnlyRoot: true };

describe('the trial', () => {
  const trial = trialOf('shop_web', spec, hardening, 1_700_000_000);
  const container = trial.TaskTemplate.ContainerSpec as unknown as Record<string, unknown>;

  test('has what the service has, and may do little', () => {
    expect(container).toMatchObject({
      Image: 'shop/web:1@sha256:aa',
      Args: ['--drain=6', '--', 'web'],
      Secrets: [{ SecretID: 's1' }],
      CapabilityDrop: ['ALL'],
      CapabilityAdd: ['CHOWN'],
      ReadOnly: true,
    });
    // A folder that is a volume already stays one.
    expect(container.Mounts).toEqual([
      { Type: 'volume', Source: 'shop_files', Target: '/files' },
      { Type: 'tmpfs', Target: '/tmp' },
    ]);
  });

  test('is one task that nobody finds and that is not started again', () => {
    expect(trial).toMatchObject({ Name: 'shop_web-trial', Mode: { Replicated: { Replicas: 1 } } });
    expect(trial.TaskTemplate).toMatchObject({
      RestartPolicy: { Condition: 'none' },
      Networks: [{ Target: 'n1' }],
    });
    expect(JSON.stringify(trial)).not.toMatch(/Aliases|UpdateConfig/);
    // A full node takes it, too.
    expect(trial.TaskTemplate.Resources).toEqual({ Limits: { MemoryBytes: 2 } });
  });

  test('has a name that Swarm takes, however long that of the service is', () => {
    expect(trialName(`shop_${'x'.repeat(58)}`)).toBe(`shop_${'x'.repeat(52)}-trial`);
  });

  test('is none of the platform: strangers, status and docker stack rm do not know it', () => {
    expect(trial.Labels).toEqual({ [LABEL]: 'shop_web', [UNTIL_LABEL]: '1700000000' });
    expect(JSON.stringify(trial)).not.toContain('com.docker.stack.namespace');
  });

  test('leaves the root as it is where that is asked for', () => {
    const writable = { ...hardening, readOnlyRoot: false };
    const { ContainerSpec } = trialOf('shop_web', spec, writable, 0).TaskTemplate;
    expect(ContainerSpec).toMatchObject({ ReadOnly: false, Mounts: [{ Target: '/files' }] });
  });
});

test('a service that cannot be there twice is not tried', () => {
  expect(refusalOf(spec)).toBeUndefined();
  expect(refusalOf({ ...spec, UpdateConfig: { Order: 'stop-first' } } as ServiceSpec)).toMatch(
    /^it has data of its own/,
  );
  expect(refusalOf({ ...spec, EndpointSpec: { Ports: [{ PublishedPort: 80 }] } })).toMatch(
    /^it publishes a port/,
  );
});

test.each([
  ["OSError: [Errno 30] Read-only file system: '/app/cache/x.bin'", "tmpfs: ['/app/cache']"],
  ["Error: EROFS: read-only file system, open '/root/.npm/_logs/1.log'", "tmpfs: ['/root/.npm/_logs']"],
  [
    'nginx: [emerg] mkdir() "/var/cache/nginx/client_temp" failed (30: Read-only file system)',
    "tmpfs: ['/var/cache/nginx']",
  ],
  ["chown: changing ownership of '/data': Operation not permitted", "capAdd: ['CHOWN']"],
  ['setpriv: setresuid failed: Operation not permitted', "capAdd: ['SETGID', 'SETUID']"],
  [
    'bind() to 0.0.0.0:80 failed (13: Permission denied)',
    "capAdd: ['NET_BIND_SERVICE'], or a port above 1023",
  ],
  ['ping: socket: Operation not permitted', "capAdd: ['NET_RAW']"],
  ["PermissionError: [Errno 13] Permission denied: '/app/key.pem'", 'user: one who may use that file'],
])('%s', (line, hint) => {
  const [complaint, ...more] = complaintsOf(['started', line, line]);
  expect(more).toEqual([]);
  expect(complaint?.line).toBe(line);
  expect(complaint?.hint).toContain(hint);
});

test('each line has the hint of its own, also one after another', () => {
  const lines = ['a', 'b', 'c'].map((name) => `Permission denied: '/app/${name}.pem'`);
  expect(complaintsOf(lines).map(({ hint }) => hint)).toEqual(
    lines.map(() => 'user: one who may use that file; or capAdd, see capabilities(7)'),
  );
});

test('what is no complaint is none', () => {
  expect(complaintsOf(['GET /denied 404', 'permission model loaded', ''])).toEqual([]);
});
