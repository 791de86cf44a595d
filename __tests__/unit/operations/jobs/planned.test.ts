import type { JobSettings } from '../../../../contract/job';
import { parseJob } from '../../../../operations/jobs/input';
import { plannedJob } from '../../../../operations/jobs/planned';

const file = { Name: 'JWT', UID: '0', GID: '0', Mode: '292' };
const settings: JobSettings = {
  host: 'unix:///s',
  kind: 'migrate',
  service: 'shop_web',
  namespace: 'shop',
  command: ['alembic', 'upgrade', 'head'],
  timeoutSeconds: 600,
  planned: {
    image: 'shop/web:2',
    command: ['/bin/sh', '/launch'],
    args: ['--drain=6', 'A=1', '--', 'web'],
    env: [],
    secrets: [{ id: 's1', file }],
    configs: [{ id: 'c1', name: 'shop_launcher_aa', file: { Name: '/launch', Mode: 365 } }],
    spec: {
      TaskTemplate: {
        ContainerSpec: { Healthcheck: { Test: ['CMD', 'x'] }, Mounts: [{ Type: 'volume', Source: 'v' }] },
        Networks: [{ Target: 'n1', Aliases: ['web'] }],
      },
    },
  },
};
const docker = {
  secrets: async () => [{ ID: 's1', Spec: { Name: 'shop_jwt_aa' } }],
  configs: async () => [{ ID: 'c1', Spec: { Name: 'shop_launcher_aa' } }],
};

test('a planned task with another command, in the engine’s words', async () => {
  const { template, ...job } = await plannedJob(settings, docker);
  expect(job).toEqual({
    kind: 'migrate',
    suffix: 'migrate',
    of: 'shop_web',
    namespace: 'shop',
    timeoutSeconds: 600,
  });
  expect(template.ContainerSpec).toMatchObject({
    Image: 'shop/web:2',
    Args: ['A=1', '--', 'alembic', 'upgrade', 'head'],
    Secrets: [{ SecretID: 's1', SecretName: 'shop_jwt_aa', File: { ...file, Mode: 292 } }],
    Configs: [{ ConfigID: 'c1', ConfigName: 'shop_launcher_aa', File: { Name: '/launch', Mode: 365 } }],
    // An application's volumes are for all of its tasks.
    Mounts: [{ Type: 'volume', Source: 'v' }],
  });
});

test('what was removed by hand is named', async () => {
  await expect(plannedJob(settings, { ...docker, configs: async () => [] })).rejects.toThrow(
    'shop_launcher_aa is not on the server any more',
  );
});

test('an input that makes no sense is told field by field', () => {
  const parse = (change: object) => parseJob(JSON.stringify({ ...settings, ...change }));
  expect(parse({})).toMatchObject({ kind: 'migrate' });
  expect(() => parseJob(undefined)).toThrow('JOB is not set');
  expect(() => parseJob('[')).toThrow('JOB is not a JSON object');
  for (const [change, field] of [
    [{ host: '' }, 'host'],
    [{ service: 'a b' }, 'service'],
    [{ command: [] }, 'command'],
    [{ command: [1] }, 'command'],
    [{ planned: {} }, 'planned'],
    [{ timeoutSeconds: 0 }, 'timeoutSeconds'],
  ] as const) {
    expect(() => parse(change)).toThrow(`JOB: ${field} is missing or not usable`);
  }
});
