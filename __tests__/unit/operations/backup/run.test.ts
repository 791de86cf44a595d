import { runBackup } from '../../../../operations/backup/run';
import type { Service, TaskSpec } from '../../../../operations/docker/answers';
import type { Docker } from '../../../../operations/docker/client';
import { type JobRun, runJob } from '../../../../operations/jobs/run';
import type { Job } from '../../../../operations/jobs/spec';
import { Redactor } from '../../../../operations/redact/redactor';
import { reportOf } from './fixtures';

jest.mock('../../../../operations/jobs/run', () => ({ runJob: jest.fn() }));
const ran = runJob as jest.MockedFunction<typeof runJob>;

const MOUNTS = [
  { Type: 'volume', Source: 'shop_backups', Target: '/repository' },
  { Type: 'volume', Source: 'shop_uploads', Target: '/backup/volumes/uploads', ReadOnly: true },
];
const service = {
  ID: 's1',
  Spec: {
    Name: 'shop_backup',
    UpdateConfig: { Order: 'stop-first' },
    TaskTemplate: {
      ContainerSpec: {
        Image: 'acme/backup:1',
        Command: ['/bin/sh', '/launch'],
        Args: ['BACKUP_PLATFORM=shop', '--', '/bin/sh', '/schedule', '15 3 * * *=now', '--', 'x'],
        Mounts: MOUNTS,
      },
    },
  },
} as unknown as Service;

const docker = { services: async () => [service] } as unknown as Docker;

const said: string[] = [];
const run = (change?: (template: TaskSpec) => TaskSpec) =>
  runBackup({
    docker,
    redactor: new Redactor({}),
    namespace: 'shop',
    service: 'shop_backup',
    command: 'drill',
    options: ['--snapshot', 'aaaa'],
    say: (line) => said.push(line),
    ...(change ? { change } : {}),
  });

/** A job that says these lines, and ends so. */
const saying = (stdout: string, stderr = '', end: object = {}) =>
  ran.mockImplementation(async (_: Job, { output }: JobRun) => {
    output?.stdout(stdout);
    output?.stderr(stderr);
    return { outcome: 'completed', seconds: 3, ...end };
  });
beforeEach(() => said.splice(0));

test('is the service once more, with its volumes, and with the command in place of the schedule', async () => {
  const report = reportOf({ backup: 'drill', snapshot: 'aaaa' });
  saying(`${JSON.stringify(report)}\n`, 'reading in shop_orders: 3 MiB\n');
  expect(await run()).toEqual(report);
  expect(said).toEqual(['reading in shop_orders: 3 MiB']);
  const [job] = ran.mock.lastCall!;
  expect(job).toMatchObject({ of: 'shop_backup', suffix: 'drill-job', namespace: 'shop' });
  expect(job.template.ContainerSpec).toMatchObject({
    Command: ['/bin/sh', '/launch'],
    Args: ['BACKUP_PLATFORM=shop', '--', '/bin/sh', '/opt/backup/backup.sh', 'drill', '--snapshot', 'aaaa'],
    Mounts: MOUNTS,
  });
});

test('a failure that it reports is its result, with or without its log', async () => {
  const report = reportOf({ backup: 'drill', ok: false, fault: 'differs', error: 'a table differs' });
  saying(`${JSON.stringify(report)}\n`, '', { outcome: 'failed', exitCode: 1 });
  expect(await run()).toEqual(report);
  saying('', '', { outcome: 'failed', exitCode: 1, log: ['on its way', JSON.stringify(report)] });
  expect(await run()).toEqual(report);
});

test('one that ends without a word is told with its last lines', async () => {
  saying('', '', { outcome: 'failed', exitCode: 137, outOfMemory: true, log: ['reading in shop_orders'] });
  await expect(run()).rejects.toThrow(
    /^the job failed with status 137 .*memory limit is too low\n {2}reading in shop_orders$/,
  );
});

test('nobody ends what somebody else waits for', async () => {
  saying(`${JSON.stringify(reportOf({ backup: 'drill' }))}\n`);
  await run();
  expect(ran.mock.lastCall![0].alone).toBe(true);
});

test('a restore is given what else it needs', async () => {
  saying(`${JSON.stringify(reportOf({ backup: 'drill' }))}\n`);
  await run((template) => ({
    ...template,
    ContainerSpec: { ...template.ContainerSpec!, Image: 'changed' },
  }));
  expect(ran.mock.lastCall![0].template.ContainerSpec!.Image).toBe('changed');
});
