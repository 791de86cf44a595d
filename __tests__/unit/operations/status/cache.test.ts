import { Kept } from '../../../../operations/status/cache';

test('asks again when the answer is old, not before', async () => {
  let now = 0;
  let asked = 0;
  const kept = new Kept(
    1000,
    async () => {
      asked += 1;
      return asked;
    },
    () => now,
  );
  const seen = [];
  for (now of [0, 999, 1000, 1500, 2000]) seen.push(await kept.get());
  expect(seen).toEqual([1, 1, 2, 2, 3]);
});

test('tells a failure once, and asks again at the next look', async () => {
  let asked = 0;
  const kept = new Kept(1000, async () => {
    asked += 1;
    if (asked === 1) throw new Error('the connection is cut');
    return asked;
  });
  await expect(Promise.all([kept.get(), kept.get()])).rejects.toThrow('cut');
  expect([await kept.get(), await kept.get()]).toEqual([2, 2]);
});
