import { generate } from '../../../../operations/secrets/generate';

test('is letters and digits alone, which mean the same everywhere', () => {
  const all = Array.from({ length: 50 }, () => generate(16)).join('');
  expect(all).toMatch(/^[A-Za-z0-9]+$/);
  expect(encodeURIComponent(all)).toBe(all);
  // 2,150 draws of 62: that one is missing has a chance of 4e-14.
  expect(new Set(all).size).toBe(62);
});

test('has 256 bits, and the declared minimum where that is longer', () => {
  expect(generate(16)).toHaveLength(43);
  expect(generate(64)).toHaveLength(64);
  expect(43 * Math.log2(62)).toBeGreaterThan(256);
});

test('is never the same twice', () => expect(generate(16)).not.toBe(generate(16)));
