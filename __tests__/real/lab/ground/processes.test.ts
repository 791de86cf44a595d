import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LabPaths, labPaths } from '../../../../lab/ground/paths';
import {
  becomesReady,
  lastWord,
  processesOf,
  startProcess,
  stopProcesses,
} from '../../../../lab/ground/processes';
import { eventually } from '../../../../lab/ground/shell';

const onLinux = process.platform === 'linux' ? test : test.skip;
let folder: string;
let paths: LabPaths;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lab-'));
  paths = labPaths(folder);
  mkdirSync(paths.logs);
});
afterEach(async () => {
  await stopProcesses(paths, 'mail', 0);
  rmSync(folder, { recursive: true, force: true });
});

const starts = () => eventually(5, () => processesOf(paths, 'mail').length > 0);

onLinux("finds its processes by their mark, and no other lab's or role's", async () => {
  startProcess(paths, 'mail', ['sleep', '60']);
  expect(await starts()).toBe(true);
  expect(processesOf(paths, 'dns')).toEqual([]);
  expect(processesOf(labPaths(join(folder, 'other')), 'mail')).toEqual([]);
});

onLinux('ends a process that will not, and its children', async () => {
  startProcess(paths, 'mail', ['sh', '-c', 'trap "" TERM; sleep 60 & sleep 60; sleep 60']);
  expect(await eventually(5, () => processesOf(paths, 'mail').length === 3)).toBe(true);
  await stopProcesses(paths, 'mail', 0.5);
  expect(processesOf(paths, 'mail')).toEqual([]);
});

onLinux('waits no longer for a process that has ended, and has its last words', async () => {
  startProcess(paths, 'mail', ['sh', '-c', 'sleep 0.5; echo error: no luck >&2']);
  const start = Date.now();
  expect(await becomesReady(paths, 'mail', 60, async () => false)).toBe(false);
  expect(Date.now() - start).toBeLessThan(20_000);
  expect(lastWord(paths, 'mail')).toBe('error: no luck');
});
