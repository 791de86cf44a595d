import { sortAbsent } from '../../../../operations/records/absent';
import { releaseWith } from './releases';

const EDGE = [{ id: 'edge', name: 'shop_edge' }];
const row = (change: string, outcome = 'converged') => ({ service: 'edge', change, outcome });
const problem = (...releases: Parameters<typeof sortAbsent>[1]) => {
  const { missing, ahead } = sortAbsent(EDGE, releases);
  expect(missing.length + ahead.length).toBe(1);
  return missing[0]?.problem;
};
const MADE = releaseWith({ number: 41, images: { web: 'w', edge: 'e' } });
const WITHOUT = releaseWith({ number: 42, images: { web: 'w' } });

test('a service that was there after the last deploy is missing', () => {
  expect(sortAbsent(EDGE, [MADE])).toEqual({
    missing: [
      {
        name: 'edge',
        problem:
          'is in the catalogue and not on the server, where it was after release 41: ./proctor deploy makes it',
      },
    ],
    ahead: [],
  });
});

test('so is one that a deploy was to make and did not come to', () => {
  const halfway = releaseWith({ images: {}, exitCode: 3, services: [row('create: new', 'notReached')] });
  expect(problem(halfway)).toMatch(/and release 1 was to make it/);
});

test('a deploy of a part says nothing of the others', () => {
  expect(problem(WITHOUT, MADE)).toMatch(/after release 41/);
});

test('one that no deploy was to make yet is ahead of the server, as is one that a deploy removed', () => {
  expect(sortAbsent(EDGE, [WITHOUT])).toEqual({ missing: [], ahead: ['edge'] });
  const removed = { ...WITHOUT, services: [row('destroy: removed', 'removed')] };
  expect(problem(removed, MADE)).toBeUndefined();
});

test('where there are no records, nobody knows better than the catalogue', () => {
  expect(problem()).toBe('is in the catalogue and not on the server: ./proctor deploy makes it');
});
