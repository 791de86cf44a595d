import { gatherBackup, lookAtVolumes } from '../../../../operations/backup/facts';
import { withBackup } from '../../../../operations/backup/main';
import { stateOfDatabases } from '../../../../operations/backup/missing';
import { restoreInPlace } from '../../../../operations/backup/restore/in-place';
import { runRecover, sourceOf } from '../../../../operations/backup/restore/recover';
import { runBackup } from '../../../../operations/backup/run';
import { backupOf, factsOf, reportOf, SETTINGS } from './fixtures';

jest.mock('../../../../operations/backup/facts');
jest.mock('../../../../operations/backup/restore/in-place');
jest.mock('../../../../operations/backup/run');
jest.mock('../../../../operations/provision/task', () => ({ findContainer: async () => 'c1' }));
jest.mock('../../../../operations/backup/missing', () => ({
  ...jest.requireActual('../../../../operations/backup/missing'),
  stateOfDatabases: jest.fn(),
}));
jest.mock('../../../../operations/backup/main', () => ({
  ...jest.requireActual('../../../../operations/backup/main'),
  withBackup: jest.fn(),
}));

const options = {
  target: { host: 'unix:///nothing', sshOptions: [], publicHost: 'nothing' },
  stack: 'shop',
  settings: SETTINGS,
  json: false,
};
let said: string;
let asked: (readonly string[] | undefined)[];
/** @param deploys their exit codes, in order */
const recover = (more: object = {}, deploys: readonly number[] = [0, 0]) =>
  runRecover({ ...options, ...more }, { deploy: async (only) => deploys[asked.push(only) - 1]!, env: {} });

beforeEach(() => {
  said = '';
  asked = [];
  for (const stream of [process.stderr, process.stdout])
    jest.spyOn(stream, 'write').mockImplementation((text) => {
      said += text;
      return true;
    });
  jest
    .mocked(withBackup)
    .mockImplementation((_, __, work) =>
      work({ settings: SETTINGS, say: (line: string) => (said += `${line}\n`) } as never),
    );
  jest.mocked(stateOfDatabases).mockResolvedValue({ is: 'empty' });
  jest.mocked(lookAtVolumes).mockResolvedValue({ uploads: 'empty' });
  jest.mocked(gatherBackup).mockResolvedValue(factsOf());
  jest
    .mocked(restoreInPlace)
    .mockReset()
    .mockResolvedValue(reportOf({ backup: 'restore' }));
  jest.mocked(runBackup).mockResolvedValue(reportOf({ backup: 'now' }));
});
afterEach(() => jest.restoreAllMocks());

test('first brings up what has the data and the backup alone, and ends with what it could not', async () => {
  expect(await recover({}, [3])).toBe(3);
  expect(asked).toEqual([['null_resource.backup_rollout', 'null_resource.mariadb_data']]);
});

test('then brings all data back at the newest moment, then everything else', async () => {
  expect(await recover()).toBe(0);
  const [wish] = jest.mocked(restoreInPlace).mock.calls[0]!;
  expect(wish).toMatchObject({
    at: '2026-11-27T11:58:00Z',
    databases: ['shop_orders'],
    volumes: ['uploads'],
    into: 'shop',
    freshBackup: false,
  });
  expect(wish.snapshot).toBeUndefined();
  expect(asked).toHaveLength(2);
  expect(asked[1]).toBeUndefined();
});

test('goes on with the volumes of the same backup, where an earlier run had brought the databases', async () => {
  jest.mocked(stateOfDatabases).mockResolvedValue({ is: 'restored', snapshot: 'bbbbbbbb22' });
  expect(await recover()).toBe(0);
  const [wish] = jest.mocked(restoreInPlace).mock.calls[0]!;
  expect(wish).toMatchObject({ databases: [], volumes: ['uploads'], snapshot: 'bbbbbbbb22' });
  expect(wish.at).toBeUndefined();
});

test('brings nothing back twice', async () => {
  jest.mocked(stateOfDatabases).mockResolvedValue({ is: 'restored', snapshot: 'bbbbbbbb22' });
  jest.mocked(lookAtVolumes).mockResolvedValue({ uploads: 'restored' });
  expect(await recover()).toBe(0);
  expect(restoreInPlace).not.toHaveBeenCalled();
  expect(said).toContain('it is there already');
});

test.each<[string, () => void, RegExp]>([
  [
    'rows',
    () => jest.mocked(stateOfDatabases).mockResolvedValue({ is: 'written', database: 'shop_orders' }),
    /the database shop_orders has rows/,
  ],
  [
    'files',
    () => jest.mocked(lookAtVolumes).mockResolvedValue({ uploads: 'files' }),
    /the volume uploads has files/,
  ],
])('puts no %s aside that nobody brought back', async (_, there, words) => {
  there();
  await expect(recover()).rejects.toThrow(words);
  expect(restoreInPlace).not.toHaveBeenCalled();
  expect(asked).toHaveLength(1);
});

test('names the backup that is there without the log, where the log cannot be used', async () => {
  jest
    .mocked(restoreInPlace)
    .mockResolvedValue(reportOf({ backup: 'restore', ok: false, fault: 'gap', error: 'a piece is missing' }));
  expect(await recover()).toBe(1);
  expect(said).toContain('./proctor recover --snapshot aaaaaaaa11');
  expect(asked).toHaveLength(1);
  expect(await recover({ snapshot: 'aaaaaaaa11' })).toBe(1);
  const [wish] = jest.mocked(restoreInPlace).mock.calls[1]!;
  expect(wish).toMatchObject({ snapshot: 'aaaaaaaa11' });
  expect(wish.at).toBeUndefined();
});

test('without backups there is nothing that could come back', async () => {
  await expect(recover({ settings: undefined })).rejects.toThrow(/^this environment has no backups/);
});

describe('what is restored', () => {
  const backups = [backupOf('2026-11-27T03:15:10Z')];
  const of = (wish: object, list: object) =>
    sourceOf({ at: undefined, snapshot: undefined, settings: SETTINGS, ...wish }, {}, list);

  test.each<[string, object, object, object]>([
    [
      'the end of the log, where it goes on from the newest backup',
      {},
      { backups, restorable: [{ from: '2026-11-27T03:15:08Z', to: '2026-11-27T11:58:00Z' }] },
      { at: '2026-11-27T11:58:00Z' },
    ],
    [
      'the newest backup, where the log ends before it',
      {},
      { backups, restorable: [{ from: '2026-11-26T03:15:08Z', to: '2026-11-27T03:14:00Z' }] },
      { snapshot: 'aaaaaaaa11' },
    ],
    ['the newest backup, where there is no log', {}, { backups }, { snapshot: 'aaaaaaaa11' }],
    [
      'a moment that was asked for',
      { at: '2026-11-27T09:00:00Z' },
      { backups },
      { at: '2026-11-27T09:00:00Z' },
    ],
  ])('%s', (_, wish, list, expected) => {
    const { at, snapshot } = of(wish, list);
    expect({ at, snapshot }).toEqual({ at: undefined, snapshot: undefined, ...expected });
  });

  test('nothing, where there is none', () => {
    expect(() => of({}, { backups: [] })).toThrow('there is no backup in s3.example.com/acme/shop');
  });
});
