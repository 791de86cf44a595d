import { lostOf } from '../../../../proof/upgrade/data';
import { costsOf, costTable, OTHERWISE, tooLong } from '../../../../proof/upgrade/table';
import type { Served } from '../../../../proof/watch/outages';

const failure = (sent: number, failed: number) => ({
  kind: 'refused',
  message: '',
  stream: 'root',
  reused: false,
  sent,
  failed,
});
const served: Served[] = [
  { service: 'edge', replaced: 1, outages: [{ from: 9000, to: 10_500 }] },
  { service: 'kafka', replaced: 1, outages: [{ from: 2000, to: 6000 }] },
  { service: 'mariadb', replaced: 1, outages: [{ from: 1000, to: 3000 }] },
  { service: 'users', replaced: 2, outages: [] },
];

test('a request that failed goes with who was away while it was under way', () => {
  const failures = [
    failure(900, 1500),
    failure(2100, 2200),
    failure(9100, 9200),
    failure(9900, 10_100),
    failure(20_000, 20_100),
  ];
  const costs = costsOf(served, failures);
  expect(costs.map(({ who, failed, failing }) => [who, failed, failing])).toEqual([
    ['edge', 2, 1],
    ['kafka', 0, 0],
    ['mariadb', 1, 0.6],
    ['users', 0, 0],
    ['kafka and mariadb', 1, 0.1],
    [OTHERWISE, 1, 0.1],
  ]);
  const text = costTable(costs, { requests: 400, failed: 5 });
  expect(text).toMatch(/^kafka +1 +4\.0 s +0 *$/m);
  expect(text).toMatch(/^all +5 of 400 *$/m);
});

test('who was away for longer than three times what the plan said, and a slow start, is told', () => {
  const plan = [
    { service: 'edge', downtimeSeconds: 1 },
    { service: 'kafka', downtimeSeconds: 1, slowStartSeconds: 120 },
    { service: 'mariadb', downtimeSeconds: 0.5 },
  ];
  // 1.5 s, 4 s and 2 s.
  expect(tooLong(costsOf(served, []), plan)).toEqual([
    'mariadb: away for 2.0 s, and the plan said about 0.5 s',
  ]);
  expect(
    tooLong(costsOf(served, []), [{ service: 'kafka', downtimeSeconds: 0.1, slowStartSeconds: 3 }]),
  ).toEqual(['kafka: away for 4.0 s, and the plan said about 0.1 s, and up to 3 s where it starts slowly']);
  expect(tooLong(costsOf(served, []), [])).toEqual([]);
});

test('data is as it was, or it is said what is not', () => {
  const before = [
    { what: 'rows', count: 3, hash: 'a' },
    { what: 'messages', count: 2, hash: 'b' },
    { what: 'frames', count: 1, hash: 'c' },
  ];
  expect(lostOf(before, before)).toEqual([]);
  expect(
    lostOf(before, [
      { what: 'rows', count: 2, hash: 'a' },
      { what: 'frames', count: 1, hash: 'd' },
    ]),
  ).toEqual(['rows has 2 of 3', 'messages is gone', 'frames has other contents']);
});
