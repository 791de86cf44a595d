import { checkPg, judgeConnection } from '../../../../operations/state/check-pg';
import { noPostgres, TestPostgres } from '../../../support/programs/postgres';
import { noTerraform } from '../../../support/programs/terraform';
import { backendOf } from './backends';

const backend = backendOf({ kind: 'pg' });
const remote = (mode: string) => `postgres://deploy:hunter2@db.example.com/state${mode}`;

test.each<[string, string, string]>([
  ['?sslmode=verify-full', 'ok', 'encrypted'],
  ['?sslmode=require', 'warning', 'whoever answers is believed'],
  // lib/pq's default.
  ['', 'warning', 'whoever answers is believed'],
  ['?sslmode=disable', 'failure', 'in clear'],
  ['?sslmode=prefer', 'failure', 'in clear'],
])('a connection with %j: %s', (mode, level, words) => {
  const findings = judgeConnection({ PG_CONN_STR: remote(mode) });
  expect(findings).toEqual([
    expect.objectContaining({ check: 'transport', level, text: expect.stringContaining(words) }),
  ]);
  expect(JSON.stringify(findings)).not.toContain('hunter2');
});

test.each(['postgres://u@localhost/s?sslmode=disable', 'postgres:///s?host=/run/postgresql'])(
  'a connection that does not leave the machine needs no encryption: %s',
  (PG_CONN_STR) =>
    expect(judgeConnection({ PG_CONN_STR })).toEqual([expect.objectContaining({ level: 'ok' })]),
);

test.each([
  [undefined, 'PG_CONN_STR is missing'],
  ['', 'PG_CONN_STR is missing'],
  ['host=db password=hunter2', 'PG_CONN_STR is not an address'],
  ['postgres://deploy:hun/ter2@:x/', 'PG_CONN_STR is not an address'],
])('PG_CONN_STR=%j is refused and not shown', async (PG_CONN_STR, text) => {
  const findings = await checkPg(backend, { PG_CONN_STR });
  expect(findings).toEqual([expect.objectContaining({ level: 'failure', text })]);
  expect(JSON.stringify(findings)).not.toMatch(/hun\/?ter2/);
});

test('a database on the server that it describes is lost with it', () => {
  const shell = { PG_CONN_STR: remote('?sslmode=verify-full'), VPS_HOST: 'db.example.com' };
  expect(judgeConnection(shell)).toContainEqual(
    expect.objectContaining({ check: 'place', level: 'warning' }),
  );
});

const possible = noPostgres === undefined && noTerraform === undefined;
(possible ? describe : describe.skip)('PostgreSQL', () => {
  const postgres = new TestPostgres();
  beforeAll(() => postgres.start());
  afterAll(() => postgres.stop());
  const states = () => postgres.query('select name from terraform_swarm.states order by name');

  test('holds the state for one run and refuses a second; nothing of the trial stays', async () => {
    const findings = await checkPg(backend, { PG_CONN_STR: postgres.connection });
    expect(findings.map(({ check, level }) => [check, level])).toEqual([
      ['transport', 'ok'],
      ['lock', 'ok'],
      ['versions', 'warning'],
    ]);
    expect(states()).toEqual([]);
  });

  test('a database that is not there is said, the password is not', async () => {
    const PG_CONN_STR = postgres.connection.replace('/postgres?', '/nowhere?').replace('unused', 'hunter2');
    const findings = await checkPg(backend, { PG_CONN_STR });
    expect(findings.at(-1)).toMatchObject({
      check: 'database',
      level: 'failure',
      text: expect.stringContaining('nowhere'),
    });
    expect(JSON.stringify(findings)).not.toContain('hunter2');
  });
});
