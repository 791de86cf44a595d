import { interruptionsOf } from '../../../../operations/deploy/traffic';
import { coveredSeconds, Interruptions } from '../../../../operations/probe/interruption';
import { restarting, rolling } from '../plan/plans';

const EDGE = { service: 'edge', begins: ['edge'], seconds: 4 };
const NGINX = { service: 'nginx', begins: ['nginx'], seconds: 3 };

/** Seconds throughout. */
function story(...acknowledged: (typeof EDGE)[]) {
  const interruptions = new Interruptions(acknowledged);
  const at = (seconds: number) => seconds * 1000;
  return {
    begin: (service: string, when: number) => interruptions.begin(service, at(when)),
    end: (service: string, when: number) => interruptions.end(service, at(when)),
    fails: (began: number, ended = began) =>
      interruptions.cover({ began: at(began), ended: at(ended), answered: false }),
    waits: (began: number, ended: number) =>
      interruptions.cover({ began: at(began), ended: at(ended), answered: true }),
  };
}

test('what fails before the change begins counts, and so does all where nothing was acknowledged', () => {
  expect(story(EDGE).fails(1)).toBe(false);
  const none = story();
  none.begin('edge', 1);
  expect(none.fails(2)).toBe(false);
});

test('from the first failure on, for as long as was said; what goes beyond counts', () => {
  const { begin, fails } = story(EDGE);
  begin('edge', 10);
  // Felt 20 s later: an image is pulled before the old task stops.
  expect([30, 31, 34].map((when) => fails(when))).toEqual([true, true, true]);
  expect([34.1, 40].map((when) => fails(when))).toEqual([false, false]);
});

test('a request that was under way when the change began may fail of it', () => {
  const { begin, fails } = story(EDGE);
  begin('edge', 10);
  expect(fails(8, 9.9)).toBe(false);
  expect(fails(8, 18)).toBe(true);
  expect(fails(14, 14)).toBe(true);
  expect(fails(14.1, 14.2)).toBe(false);
});

test('after its gate nothing is excused any more', () => {
  const { begin, end, fails } = story(EDGE);
  begin('edge', 10);
  end('edge', 20);
  expect(fails(21)).toBe(false);
});

test('another service’s gate or change is no excuse', () => {
  const { begin, end, fails } = story(EDGE);
  begin('nginx', 10);
  expect(fails(11)).toBe(false);
  begin('edge', 12);
  end('nginx', 13);
  expect(fails(14)).toBe(true);
});

test('two interruptions last as long as both together, and no longer', () => {
  const { begin, fails } = story(EDGE, NGINX);
  begin('edge', 0);
  begin('nginx', 0);
  expect([1, 5, 5.1, 8.1].map((when) => fails(when))).toEqual([true, true, true, true]);
  expect(fails(8.2)).toBe(false);
});

test('a late answer is one of the interruption when it waited no longer than was said', () => {
  const { begin, waits } = story(EDGE);
  expect(waits(0, 3)).toBe(false);
  begin('edge', 5);
  expect(waits(6, 9)).toBe(true);
  expect(waits(6, 11)).toBe(false);
});

test('"about" is half as long again and a moment; a slow start was said, too', () => {
  expect([coveredSeconds(1), coveredSeconds(10), coveredSeconds(10, 120)]).toEqual([4, 17, 137]);
});

describe('what a plan acknowledges', () => {
  test('is its downtime; what only rolls, and what is removed, has none', () => {
    const removed = restarting('old', { action: 'destroy', downtimeSeconds: 0 });
    expect(interruptionsOf([rolling(), restarting(), removed])).toEqual([EDGE]);
  });

  test('of a port that moves begins with the one that gives it up', () => {
    const portMoves = [{ ports: ['443/tcp'], from: 'nginx', to: 'edge' }];
    const edge = restarting('edge', { action: 'create', downtimeSeconds: 16, portMoves });
    expect(interruptionsOf([edge, rolling('nginx', { portMoves })])).toEqual([
      { service: 'edge', begins: ['edge', 'nginx'], seconds: 26 },
    ]);
  });
});
