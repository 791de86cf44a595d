import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Deployed, rollbackOf } from '../../../bench/deploy/measure';
import { sideBySide } from '../../../bench/deploy/show';
import { countTasks, previousSpecsChanged, type ServiceState, touched } from '../../../bench/deploy/tasks';

const service = (name: string, index: number, more: Partial<ServiceState> = {}): ServiceState => ({
  Spec: { Name: name },
  Version: { Index: index },
  ...more,
});

test('a service is touched when its version moved, and its way back when PreviousSpec is another', () => {
  const before = [service('a', 1, { PreviousSpec: { Replicas: 1 } }), service('b', 5), service('c', 7)];
  const after = [service('a', 2, { PreviousSpec: { Replicas: 2 } }), service('b', 5), service('c', 8)];
  expect(touched(before, after)).toBe(2);
  expect(previousSpecsChanged(before, after)).toBe(1);
  expect(touched([], after)).toBe(3);
});

test('a rollback of before the deploy is not its own', () => {
  const done = { UpdateStatus: { State: 'rollback_completed', CompletedAt: '2025-01-01T00:00:10.5Z' } };
  const at = Date.parse('2025-01-01T00:00:10.5Z');
  expect(rollbackOf([service('a', 1, done)], at - 1)).toBe(at);
  expect(rollbackOf([service('a', 1, done)], at + 1)).toBeUndefined();
  expect(rollbackOf([service('a', 1, { UpdateStatus: { State: 'completed' } })], 0)).toBeUndefined();
});

test('the two ways of one deploy stand under each other, with the ratio of their times', () => {
  const one = (what: string, way: Deployed['way'], seconds: number): Deployed => ({
    ...{ what, way, seconds, exit: 0, requests: 9, failed: 0, peakTasks: 3, touched: 0 },
    previousSpecsChanged: 0,
  });
  const lines = sideBySide([
    one('nothing', 'terraform', 10),
    one('one', 'terraform', 40),
    one('nothing', 'stack deploy', 50),
  ]).split('\n');
  expect(lines[1]).toMatch(/^nothing +terraform +10\.0 +0\.20 /);
  expect(lines[2]).toMatch(/^nothing +stack deploy +50\.0 +5\.00 /);
  expect(lines[3]).toMatch(/^one +terraform +40\.0 +– /);
});

describe('counting tasks', () => {
  const folder = mkdtempSync(join(tmpdir(), 'engine-'));
  let engine: Server;
  afterEach(() => engine.close());
  afterAll(() => rmSync(folder, { recursive: true }));

  test('keeps the peak of those that take room', async () => {
    const socket = join(folder, 'docker.sock');
    const states = [['running'], ['running', 'preparing', 'failed', 'shutdown', 'starting'], ['running']];
    let asked = 0;
    engine = createServer((_, response) => {
      const now = states[Math.min(asked++, 2)]!;
      response.end(JSON.stringify(now.map((State) => ({ Status: { State } }))));
    });
    await new Promise<void>((resolve) => engine.listen(socket, resolve));
    const counter = countTasks(socket);
    while (asked < 3) await new Promise((resolve) => setTimeout(resolve, 50));
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(counter.stop()).toBe(3);
  });
});
