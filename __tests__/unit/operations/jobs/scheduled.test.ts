import type { ServiceSpec } from '../../../../operations/docker/answers';
import { isScheduled, longestOf, onceNow } from '../../../../operations/jobs/scheduled';

const spec = (...Args: string[]): ServiceSpec => ({
  TaskTemplate: {
    ContainerSpec: { Image: 'x', Args },
    Placement: { Constraints: ['node.role==manager'] },
  },
});
const job = spec(
  '--drain=0',
  'A=1',
  '--',
  '/bin/sh',
  '/job',
  'NAME=tidy',
  'TIMEOUT=60',
  'RETRIES=2',
  '--',
  'tidy',
);

test('a job is told by what its launcher starts', () => {
  expect(isScheduled(job)).toBe(true);
  expect(isScheduled(spec('--', 'web', '/job'))).toBe(false);
  expect(isScheduled(spec('/bin/sh', '/job'))).toBe(false);
});

test('one run now is the same task, told to run once, where the one that waits is', () => {
  const { ContainerSpec, Placement } = onceNow(job, 'n1');
  expect(ContainerSpec?.Args).toEqual([
    ...['--drain=0', 'A=1', '--', '/bin/sh', '/job', 'ONCE=yes'],
    ...['NAME=tidy', 'TIMEOUT=60', 'RETRIES=2', '--', 'tidy'],
  ]);
  expect(Placement?.Constraints).toEqual(['node.role==manager', 'node.id==n1']);
  expect(onceNow(job, undefined).Placement?.Constraints).toEqual(['node.role==manager']);
});

test('it may take as long as all its tries and the pauses between', () => {
  expect(longestOf(job)).toBeGreaterThan(3 * 60 + 30 + 60);
  expect(longestOf(job)).toBeLessThan(3 * 60 + 30 + 60 + 120);
});
