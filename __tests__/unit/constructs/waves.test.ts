import { waves } from '../../../constructs/phases/waves';

/** Groups letters whose needs are `a1` (1 nano-core, no memory) or `a1/2` (1 nano-core, 2 bytes). */
const group = (items: string[], cpus: number, memory = 100) =>
  waves(
    items,
    (item) => {
      const [cpu, bytes = 0] = item.slice(1).split('/').map(Number);
      return { cpus: cpu!, memory: bytes };
    },
    { cpus, memory },
  ).map((wave) => wave.map((item) => item[0]).join(''));

test.each<[string, string[], number, number | undefined, string[]]>([
  ['nothing needs no wave', [], 10, undefined, []],
  ['what fits together rolls together', ['a2', 'b3', 'c5'], 10, undefined, ['abc']],
  [
    'what fits no more begins the next wave, which has all that is free again',
    ['a6', 'b5', 'c5'],
    10,
    undefined,
    ['a', 'bc'],
  ],
  ['memory bounds a wave as CPU does', ['a1/60', 'b1/60', 'c1/40'], 10, 100, ['a', 'bc']],
  ['a service that fits nowhere has a wave of its own', ['a1', 'b20', 'c1'], 10, undefined, ['a', 'b', 'c']],
  ['a service that needs nothing on top joins any wave', ['a10', 'b0', 'c0'], 10, undefined, ['abc']],
  ['a node without free room rolls one after the other', ['a1', 'b1'], 0, undefined, ['a', 'b']],
])('%s', (_, items, cpus, memory, expected) => {
  expect(group(items, cpus, memory)).toEqual(expected);
});

test('keeps the order, even where another one would need fewer waves', () => {
  expect(group(['a6', 'b6', 'c4', 'd4'], 10)).toEqual(['a', 'bc', 'd']);
});

test('a node that is overbooked already rolls what needs nothing, one after the other', () => {
  expect(group(['a0', 'b0'], -1)).toEqual(['a', 'b']);
});

test('no wave but one of a single service needs more than is free, whatever the needs', () => {
  const needs = Array.from({ length: 200 }, (_, index) => (index * 7919) % 13);
  const result = waves(needs, (cpus) => ({ cpus, memory: cpus * 2 }), { cpus: 11, memory: 20 });
  expect(result.flat()).toEqual(needs);
  for (const wave of result.filter(({ length }) => length > 1)) {
    expect(wave.reduce((sum, cpus) => sum + cpus, 0)).toBeLessThanOrEqual(10);
  }
});
