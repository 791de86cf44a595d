import { gatherBackup, opensWith } from '../../../../operations/backup/facts';
import { ConnectionError } from '../../../../operations/docker/explain';
import { reportOf, WELL } from './fixtures';

const NOW_FAILED = reportOf({ backup: 'now', ok: false, error: 'no room' });

/** The service with one task that was before, and one that runs. */
const dockerOf = (changes: object = {}) =>
  ({
    services: async () => [{ ID: 's1', Spec: { Name: 'shop_backup' } }],
    tasks: async () => [
      {
        ID: 't2',
        CreatedAt: '2026-11-27T10:00:00Z',
        NodeID: 'n1',
        Status: { State: 'running', ContainerStatus: { ContainerID: 'c2' } },
      },
      { ID: 't1', CreatedAt: '2026-11-26T10:00:00Z', NodeID: 'n1', Status: { State: 'shutdown' } },
    ],
    info: async () => ({ Swarm: { NodeID: 'n1' } }),
    configs: async () => [],
    taskLog: async (id: string) =>
      id === 't1'
        ? 'dumping shop_orders\n{"backup":"torn\n'
        : `${JSON.stringify(NOW_FAILED)}\n${JSON.stringify(WELL)}\n`,
    exec: async () => ({ exitCode: 0, stdout: `${JSON.stringify(WELL)}\n`, stderr: '' }),
    ...changes,
  }) as unknown as Parameters<typeof gatherBackup>[0];

test('of its log the end is read, where the newest run is', async () => {
  const asked: object[] = [];
  const taskLog = async (_id: string, _lines: number, bounds: object) => {
    asked.push(bounds);
    return '';
  };
  await gatherBackup(dockerOf({ taskLog }), 'shop_backup');
  expect(asked).toEqual([1, 2].map(() => ({ seconds: expect.any(Number), lastBytes: 1_000_000 })));
});

test('the repository is asked in the task that runs, the last runs are read from the log', async () => {
  const asked: unknown[] = [];
  const exec = async (command: unknown) => {
    asked.push(command);
    return { exitCode: 0, stdout: `${JSON.stringify(WELL)}\n`, stderr: '' };
  };
  expect(await gatherBackup(dockerOf({ exec }), 'shop_backup')).toEqual({ list: WELL, runs: [NOW_FAILED] });
  expect(asked).toEqual([
    {
      containerId: 'c2',
      command: ['/bin/sh', '/launch', '/bin/sh', '/opt/backup/backup.sh', 'list'],
      timeoutSeconds: expect.any(Number),
    },
  ]);
});

test('a repository that is not there yet has no backups', async () => {
  const list = reportOf({ ok: false, fault: 'no-repository', error: 'there is none' });
  const exec = async () => ({ exitCode: 1, stdout: JSON.stringify(list), stderr: '' });
  expect((await gatherBackup(dockerOf({ exec }), 'shop_backup')).list).toMatchObject({ backups: [] });
});

test.each<[string, object, string]>([
  ['no service', { services: async () => [] }, 'the service shop_backup is not there: deploy first'],
  ['no task', { tasks: async () => [] }, 'no task of it runs: ./proctor status'],
  ['another node', { info: async () => ({ Swarm: { NodeID: 'n2' } }) }, 'its task runs on another node'],
  [
    'a bucket that refuses',
    {
      exec: async () => ({
        exitCode: 1,
        stdout: JSON.stringify(reportOf({ ok: false, error: 'refused' })),
        stderr: '',
      }),
    },
    'refused',
  ],
  [
    'no answer',
    { exec: async () => Promise.reject(new Error('/bin/sh in the task gave no answer for 45 s')) },
    'gave no answer for 45 s',
  ],
  [
    'no report',
    { exec: async () => ({ exitCode: 127, stdout: '', stderr: 'sh: not found\n' }) },
    'sh: not found',
  ],
])('%s is a fact, and no error', async (_, changes, why) => {
  const facts = await gatherBackup(dockerOf(changes), 'shop_backup');
  expect(facts.list).toBeUndefined();
  expect(facts.unknown).toContain(why);
});

test('a server that cannot be asked is an error', async () => {
  const exec = async () => Promise.reject(new ConnectionError('unreachable', 'gone', 'mend it'));
  await expect(gatherBackup(dockerOf({ exec }), 'shop_backup')).rejects.toThrow('gone');
});

describe('whether the repository opens with a password', () => {
  const asked: { command: readonly string[]; stdin?: string }[] = [];
  const answering = (report: object) =>
    dockerOf({
      exec: async (task: { command: readonly string[]; stdin?: string }) => {
        asked.push(task);
        return {
          exitCode: 0,
          stderr: '',
          stdout: `${JSON.stringify(reportOf({ backup: 'opens', ...report }))}\n`,
        };
      },
    });

  test('is asked in the task, by standard input', async () => {
    expect(await opensWith(answering({ opens: true }), 'shop_backup', 'a new one')).toBe(true);
    expect(asked.at(-1)).toMatchObject({ stdin: 'a new one', command: expect.arrayContaining(['opens']) });
    expect(asked.at(-1)!.command.join(' ')).not.toContain('a new one');
  });

  test('is not so where it does not, nor where nobody can say', async () => {
    expect(await opensWith(answering({ opens: false }), 'shop_backup', 'x')).toBe(false);
    expect(await opensWith(answering({ ok: false, fault: 'unreachable' }), 'shop_backup', 'x')).toBe(false);
    expect(await opensWith(dockerOf({ tasks: async () => [] }), 'shop_backup', 'x')).toBe(false);
  });
});
