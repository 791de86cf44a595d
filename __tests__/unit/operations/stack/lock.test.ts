import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BusyError, withLock } from '../../../../operations/stack/lock';

const DEAD = 4_000_000;
let meanwhile = () => {};
jest.mock('../../../../operations/terraform/process-start', () => ({
  identityOf: (pid: number) => {
    if (pid !== DEAD) return '1';
    const now = meanwhile;
    meanwhile = () => {};
    now();
    return 'gone';
  },
}));

const root = mkdtempSync(join(tmpdir(), 'alone-'));
afterAll(() => rmSync(root, { recursive: true }));

test('of two who find the lock of a process that is gone only one takes it', async () => {
  const lock = { folder: join(root, 'lock'), timeoutSeconds: 0, onWait: () => {} };
  mkdirSync(lock.folder);
  writeFileSync(join(lock.folder, 'owner'), `${DEAD}\n1\n2026-01-01T00:00:00Z`);
  let done = () => {};
  let first: Promise<string> | undefined;
  // As the second has read who is gone, the first does all that the second is about to do.
  meanwhile = () => {
    first = withLock(lock, () => new Promise<string>((resolve) => (done = () => resolve('first'))));
  };
  await expect(withLock(lock, async () => 'second')).rejects.toThrow(BusyError);
  done();
  await expect(first).resolves.toBe('first');
  await expect(withLock(lock, async () => 'third')).resolves.toBe('third');
  expect(readdirSync(root)).toEqual([]);
});
