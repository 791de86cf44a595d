import { capacity, rollingOf } from '../../../../constructs/rules/capacity';
import { type SwarmService, type SwarmServiceProps, UpdatePolicy } from '../../../../constructs/swarm';
import { baseline, surge } from '../../../../constructs/units/capacity';
import { contextOf } from '../../../support/platform/rules';
import { newService, resources } from '../../../support/platform/services';

const startFirst = (parallelism = 1) => UpdatePolicy.startFirst({ parallelism });

/** Violations of services a, b, c … on a node, in waves given by their letters: `['ab', 'c']`. */
function check(
  parts: Partial<SwarmServiceProps>[],
  node: [cpus: number, mebibytes: number],
  waves: string[] = [],
) {
  const context = contextOf((stack) => parts.map((part, index) => newService(stack, 'abcdef'[index]!, part)));
  const named = (letters: string): SwarmService[] =>
    [...letters].map((letter) => context.services.find(({ node: { id } }) => id === letter)!);
  const violations = capacity.check({ ...context, node: resources(...node), waves: waves.map(named) });
  return violations.map(({ service, problem }) => `${service.node.id}: ${problem}`);
}

const part = (replicas: number, cpus: number, mebibytes: number, updatePolicy = startFirst()) => ({
  replicas,
  reservations: resources(cpus, mebibytes),
  updatePolicy,
});

test('accepts a node that is full to the last byte while all of a wave roll', () => {
  expect(check([part(2, 0.5, 256), part(1, 0.5, 512)], [2.5, 1792], ['ab'])).toEqual([]);
});

test('decimal fractions of a core add up exactly', () => {
  expect(
    check(
      Array.from({ length: 3 }, () => part(1, 0.1, 64, UpdatePolicy.stopFirst())),
      [0.3, 1024],
    ),
  ).toEqual([]);
});

test('refuses too much CPU at rest', () => {
  expect(check([part(3, 0.5, 64, UpdatePolicy.stopFirst())], [1.4, 1024], ['a'])).toEqual([
    'a: all replicas reserve 1.5 CPU: the node has 1.4 CPU',
  ]);
});

test('refuses too much memory at rest, by the service that reserves most', () => {
  const found = check([part(1, 0.1, 512), part(3, 0.1, 256), part(1, 0.1, 64)], [4, 1024], ['b', 'a']);
  expect(found).toEqual(['b: all replicas reserve 1.31 GiB, 1.81 GiB while rolling a: the node has 1 GiB']);
});

test('refuses what fits at rest but not while a wave rolls', () => {
  expect(check([part(2, 0.5, 64), part(2, 0.5, 64)], [2.5, 1024], ['ab'])).toEqual([
    'a: all replicas reserve 2 CPU, 3 CPU while rolling a, b: the node has 2.5 CPU',
  ]);
  expect(check([part(2, 0.5, 64), part(2, 0.5, 64)], [2.5, 1024], ['a', 'b'])).toEqual([]);
});

test('names the wave and the service of what is short: CPU here, while another has the peak of memory', () => {
  const parts = [part(1, 1, 64), part(1, 0.1, 1024)];
  const [cpu] = check(parts, [2, 8192], ['a', 'b']);
  expect(cpu).toBe('a: all replicas reserve 1.1 CPU, 2.1 CPU while rolling a: the node has 2 CPU');
});

test('a stop-first service needs nothing on top', () => {
  expect(check([part(2, 0.5, 64, UpdatePolicy.stopFirst())], [1, 1024], ['a'])).toEqual([]);
});

test.each([
  [1, 2.5],
  [2, 3],
  [9, 4],
])(
  'parallelism %d of four replicas starts that many, but no more than there are: %d CPU',
  (parallelism, cpus) => {
    const four = [part(4, 0.5, 64, startFirst(parallelism))];
    expect(check(four, [cpus, 1024], ['a'])).toEqual([]);
    expect(check(four, [cpus - 0.1, 1024], ['a'])).toHaveLength(1);
  },
);

test('memory is said in GiB, on a large node too', () => {
  expect(check([part(100, 0.01, 1024)], [64, 99 * 1024], ['a'])).toEqual([
    'a: all replicas reserve 100 GiB, 101 GiB while rolling a: the node has 99 GiB',
  ]);
});

test('says CPU and memory at once', () =>
  expect(check([part(4, 1, 1024)], [1, 1024], ['a'])).toHaveLength(2));

test('baseline and surge are sums over tasks', () => {
  const { services } = contextOf((stack) => [
    newService(stack, 'a', part(2, 0.5, 64)),
    newService(stack, 'b', part(1, 0.25, 32, UpdatePolicy.stopFirst())),
  ]);
  expect(baseline(services.map(rollingOf))).toEqual({ cpus: 1.25e9, memory: 160 * 1024 ** 2 });
  expect(surge(services.map(rollingOf))).toEqual({ cpus: 0.5e9, memory: 64 * 1024 ** 2 });
});
