import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BusyError, withLock } from '../../../../operations/stack/lock';
import { holderInWords, holderOf } from '../../../../operations/terraform/state-lock';

const root = mkdtempSync(join(tmpdir(), 'alone-'));
afterAll(() => rmSync(root, { recursive: true }));
let counter = 0;
const options = (more: object = {}) => {
  counter += 1;
  const waited: string[] = [];
  return {
    waited,
    ...{
      folder: join(root, `lock${counter}`),
      timeoutSeconds: 5,
      onWait: (holder: string) => waited.push(holder),
    },
    ...more,
  };
};

test('two deploys of one folder come one after the other, and the second is told of the first', async () => {
  const lock = options();
  const order: string[] = [];
  const first = withLock(lock, async () => {
    order.push('first');
    await new Promise((resolve) => setTimeout(resolve, 300));
    order.push('first done');
  });
  const second = withLock(lock, async () => order.push('second'));
  await Promise.all([first, second]);
  expect(order).toEqual(['first', 'first done', 'second']);
  expect(lock.waited).toEqual([
    expect.stringMatching(new RegExp(`^process ${process.pid} deploys from this folder since 20`)),
  ]);
  expect(existsSync(lock.folder)).toBe(false);
});

test('gives up with a reason, and leaves the lock to its holder', async () => {
  const lock = options({ timeoutSeconds: 0 });
  await withLock(lock, async () => {
    await expect(withLock(lock, async () => {})).rejects.toThrow(BusyError);
    expect(existsSync(lock.folder)).toBe(true);
  });
});

test('the lock of a process that is gone does not count', async () => {
  const child = spawn('true');
  const { pid } = child;
  await new Promise((resolve) => child.once('exit', resolve));
  const lock = options();
  mkdirSync(lock.folder);
  writeFileSync(join(lock.folder, 'owner'), `${pid}\n1\n2026-01-01T00:00:00Z`);
  await expect(withLock(lock, async () => 'done')).resolves.toBe('done');
});

test('the lock of a process that was killed before it wrote its name does not count for long', async () => {
  const lock = options();
  mkdirSync(lock.folder);
  await expect(withLock({ ...lock, timeoutSeconds: 0 }, async () => {})).rejects.toThrow(BusyError);
  const before = Date.now() / 1000 - 6;
  utimesSync(lock.folder, before, before);
  await expect(withLock(lock, async () => 'done')).resolves.toBe('done');
});

test('is open again after a failure', async () => {
  const lock = options();
  await expect(withLock(lock, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  await expect(withLock(lock, async () => 'done')).resolves.toBe('done');
});

test('reads from Terraform’s error who holds the state', () => {
  const detail = `Error message: resource temporarily unavailable
Lock Info:
  ID:        0b1c
  Path:      ../terraform.swarm.tfstate
  Operation: OperationTypeApply
  Who:       ana@laptop
  Version:   1.11.4
  Created:   2026-01-02 03:04:05.678 +0000 UTC
  Info:      

Terraform acquires a state lock to protect the state.`;
  const holder = holderOf([{ severity: 'error', summary: 'Error acquiring the state lock', detail }]);
  expect(holder).toMatchObject({ who: 'ana@laptop', id: '0b1c' });
  expect(holderInWords(holder!)).toBe(
    'the state is locked by ana@laptop (apply, since 2026-01-02 03:04:05 UTC)',
  );
  expect(holderOf([{ severity: 'error', summary: 'Invalid value' }])).toBeUndefined();
  // As from a bucket with a customer's key.
  const unknown = 'Error message: … StatusCode: 412, RequestID: , HostID: , api error PreconditionFailed';
  const nobody = holderOf([
    { severity: 'error', summary: 'Error acquiring the state lock', detail: unknown },
  ]);
  expect(holderInWords(nobody!)).toBe('the state is locked (./proctor state doctor says by whom)');
});
