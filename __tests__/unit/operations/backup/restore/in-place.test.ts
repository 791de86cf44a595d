import type { BackupFacts } from '../../../../../operations/backup/facts';
import { gatherBackup } from '../../../../../operations/backup/facts';
import type { BackupContext } from '../../../../../operations/backup/main';
import { restoreInPlace } from '../../../../../operations/backup/restore/in-place';
import { type RestoreOptions, runRestoreJob } from '../../../../../operations/backup/restore/job';
import { runBackup } from '../../../../../operations/backup/run';
import { noteWriters, readStopped } from '../../../../../operations/backup/writers';
import { UnderWay } from '../../../../../operations/jobs/left';
import { Redactor } from '../../../../../operations/redact/redactor';
import { backupOf, factsOf, reportOf, SETTINGS } from '../fixtures';
import { FakeSwarm } from './fake-swarm';

jest.mock('../../../../../operations/backup/facts');
jest.mock('../../../../../operations/backup/run', () => ({
  ...jest.requireActual('../../../../../operations/backup/run'),
  runBackup: jest.fn(),
}));
jest.mock('../../../../../operations/backup/restore/job');
const back = jest.fn();
jest.mock('../../../../../operations/rollback/watch-return', () => ({
  watchReturn: async (...call: unknown[]) => back(...call),
}));
let swarm: FakeSwarm;
jest.mock('../../../../../operations/docker/swarm-client', () => ({
  SwarmClient: jest.fn(() => swarm.client),
}));

const listed = gatherBackup as jest.MockedFunction<typeof gatherBackup>;
const backedUp = runBackup as jest.MockedFunction<typeof runBackup>;
const job = runRestoreJob as jest.MockedFunction<typeof runRestoreJob>;

const RESTORED = reportOf({ backup: 'restore', snapshot: 'aaaaaaaa11' });
const said: string[] = [];
const restore = (options: Partial<RestoreOptions> = {}) =>
  restoreInPlace(
    {
      target: { host: 'unix:///nothing', sshOptions: [], publicHost: 'nothing' },
      stack: 'shop',
      settings: SETTINGS,
      json: false,
      into: 'shop',
      databases: [],
      volumes: [],
      discard: false,
      freshBackup: true,
      ...options,
    },
    {
      docker: swarm.docker,
      settings: SETTINGS,
      redactor: new Redactor({}),
      signals: [],
      say: (line: string) => said.push(line),
      tell: () => {},
    } as unknown as BackupContext,
  );
const tasksRun = () => job.mock.calls.map(([, , task]) => task);
/** What the restore and, where it fails, its finish end with. */
const ends = (...results: readonly (object | Error)[]) => {
  for (const result of results)
    job.mockImplementationOnce(async () => {
      if (result instanceof Error) throw result;
      return { ...RESTORED, ...result };
    });
};

beforeEach(() => {
  for (const mock of [listed, backedUp, job, back]) mock.mockReset();
  said.splice(0);
  swarm = new FakeSwarm({ shop_api: 3, shop_web: 1 });
  listed.mockResolvedValue(factsOf());
  backedUp.mockResolvedValue(reportOf({ backup: 'now', snapshot: 'ffffffff99' }));
  back.mockResolvedValue({ outcome: 'converged', reason: '' });
});

test('the backup that was newest before comes back, and not the one that is made of what is replaced', async () => {
  // As after a `now`: what is damaged is the newest.
  backedUp.mockImplementation(async () => {
    listed.mockResolvedValue(factsOf({ backups: [backupOf('2026-11-27T12:00:00Z', 'ffffffff99')] }));
    return reportOf({ backup: 'now', snapshot: 'ffffffff99' });
  });
  ends({});
  expect(await restore()).toEqual(RESTORED);
  expect(backedUp).toHaveBeenCalledWith(
    expect.objectContaining({ command: 'now', options: ['--before-restore'] }),
  );
  expect(job).toHaveBeenCalledWith(
    expect.objectContaining({ snapshot: 'aaaaaaaa11' }),
    expect.anything(),
    'platform',
  );
  expect(said).toContain('the backup aaaaaaaa11 of 2026-11-27T03:15:10Z, 8 h ago');
  expect(said.join('\n')).toContain('it is ffffffff');
  expect(swarm.replicas).toEqual({ shop_api: 3, shop_web: 1 });
  expect(await readStopped(swarm.docker, 'shop')).toBeUndefined();
});

test.each<[string, Partial<RestoreOptions>]>([
  ['a moment', { at: '2026-11-27T09:30:00Z' }],
  ['one by its id', { snapshot: 'bbbb' }],
])('%s that is asked for is what comes back', async (_, asked) => {
  ends({});
  await restore(asked);
  expect(job.mock.calls[0]![0]).toMatchObject(asked);
});

test('without any backup nothing is done', async () => {
  listed.mockResolvedValue(factsOf({ backups: [] }));
  await expect(restore()).rejects.toThrow(/^there is no backup in s3\.example\.com/);
  expect(backedUp).not.toHaveBeenCalled();
  expect(swarm.replicas.shop_api).toBe(3);
});

test('a fresh backup that fails leaves everything as it is', async () => {
  backedUp.mockResolvedValue(reportOf({ backup: 'now', ok: false, error: 'no room', advice: 'make room' }));
  const report = await restore();
  expect(report).toMatchObject({
    ok: false,
    advice: expect.stringMatching(/^make room\n {2}.*--skip-backup/),
  });
  expect(job).not.toHaveBeenCalled();
  expect(swarm.replicas.shop_api).toBe(3);
});

test.each(['running', 'preparing', 'pending', undefined])(
  'one that is at work (%s) is left alone, by the same command, too',
  async (state) => {
    swarm.jobs['shop_backup-restore-job'] = { of: 'shop_backup', state };
    swarm.replicas.shop_api = 0;
    await expect(restore()).rejects.toThrow(UnderWay);
    await expect(restore({ freshBackup: false })).rejects.toThrow(UnderWay);
    expect(backedUp).not.toHaveBeenCalled();
    expect(job).not.toHaveBeenCalled();
    expect(swarm.replicas.shop_api).toBe(0);
  },
);

test('where another one has begun meanwhile, who writes stays stopped for it', async () => {
  ends(new UnderWay('shop_backup-restore-job'));
  await expect(restore()).rejects.toThrow(UnderWay);
  expect(tasksRun()).toEqual(['platform']);
  expect(swarm.replicas.shop_api).toBe(0);
  expect(await readStopped(swarm.docker, 'shop')).toMatchObject({ replicas: { shop_api: 3 } });
});

test('a command that somebody runs in a service that writes is not restored under', async () => {
  swarm.jobs['shop_api-run-1'] = { of: 'shop_api', state: 'running' };
  await expect(restore()).rejects.toThrow(/^shop_api-run-1 may write what is to be replaced\n/);
  expect(backedUp).not.toHaveBeenCalled();
});

test('one that was killed is finished or undone before anybody writes again', async () => {
  const replicas: number[] = [];
  job.mockImplementationOnce(async () => {
    throw new Error('the job failed with status 137: the kernel killed it');
  });
  job.mockImplementationOnce(async () => {
    replicas.push(swarm.replicas.shop_api!);
    return RESTORED;
  });
  await expect(restore()).rejects.toThrow('status 137');
  expect(tasksRun()).toEqual(['platform', 'finish']);
  expect(replicas).toEqual([0]);
  expect(swarm.replicas.shop_api).toBe(3);
});

test.each<[string, object | Error]>([
  ['fails', { ok: false, error: 'MariaDB fails' }],
  ['does not run', new Error('no task of shop_mariadb is running')],
])('who writes stays stopped where what was half in place cannot be finished: it %s', async (_, finish) => {
  ends({ ok: false, error: 'stopped', advice: 'start it again' }, finish);
  const report = await restore();
  expect(report).toMatchObject({
    ok: false,
    advice: expect.stringMatching(/^start it again\n {2}shop_api stay stopped, .*(MariaDB fails|no task)/s),
  });
  expect(swarm.replicas.shop_api).toBe(0);
  expect(await readStopped(swarm.docker, 'shop')).toMatchObject({ replicas: { shop_api: 3 } });
});

test('who does not stop is started again with the others, and nothing was replaced', async () => {
  jest.useFakeTimers();
  swarm.lingering.shop_api = Array(1000).fill('running');
  const failing = expect(restore()).rejects.toThrow(/^shop_api did not stop within 180 s/);
  await jest.advanceTimersByTimeAsync(200_000);
  await failing;
  jest.useRealTimers();
  expect(job).not.toHaveBeenCalled();
  expect(swarm.replicas.shop_api).toBe(3);
});

test('run again after it was cut off, the same backup comes back, and no other is made of what was there', async () => {
  await noteWriters(swarm.docker, 'shop', ['shop_api'], { snapshot: 'bbbbbbbb22', before: 'ffffffff' });
  swarm.replicas.shop_api = 0;
  const stopped = await readStopped(swarm.docker, 'shop');
  listed.mockResolvedValue({ ...factsOf(), stopped } as BackupFacts);
  ends({});
  await restore();
  expect(backedUp).not.toHaveBeenCalled();
  expect(job.mock.calls[0]![0]).toMatchObject({ snapshot: 'bbbbbbbb22' });
  expect(swarm.replicas.shop_api).toBe(3);
});

test('of what is half in place no backup is made: it is finished first', async () => {
  listed.mockResolvedValue(factsOf({ unfinished: ['shop_orders'] }));
  ends({});
  await restore();
  expect(backedUp).not.toHaveBeenCalled();
  expect(said[0]).toBe('shop_orders: half in place, which is finished first');
});

test('a restore after which not all came back has not ended well', async () => {
  back.mockResolvedValue({ outcome: 'timedOut', reason: 'never healthy' });
  ends({});
  expect(await restore()).toMatchObject({
    ok: false,
    error: expect.stringContaining('shop_api: never healthy'),
    advice: expect.stringContaining('./proctor deploy'),
  });
});
