import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { ProjectCopy } from '../../../support/programs/project-copy';
import { type FakeDaemon, fakeDaemon } from '../../../unit/operations/docker/fake-daemon';

let project: ProjectCopy;
let daemon: FakeDaemon;
let asked: string[];
/** What a task that cannot start says. */
let error: string;
/** As Swarm has it: put back when somebody asks. */
let image: string;
let locks: object[];
/** A second service, and whether Docker takes it back. */
let api: 'none' | 'refuses' | 'breaks';

beforeAll(() => {
  project = new ProjectCopy();
});
afterAll(() => project.remove());
beforeEach(async () => {
  asked = [];
  error = '';
  image = 'web:2';
  api = 'none';
  locks = [];
  daemon = await fakeDaemon((request, _body, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://docker');
    const spec = (one: string) => ({ ...BASE, TaskTemplate: { ContainerSpec: { Image: one, ...TIMES } } });
    const service = {
      ID: 's1',
      Version: { Index: 7 },
      CreatedAt: OLD,
      UpdatedAt: OLD,
      Spec: spec(image),
      PreviousSpec: spec(image === 'web:2' ? 'web:1' : 'web:2'),
      ...(image === 'web:1'
        ? { UpdateStatus: { State: error ? 'rollback_paused' : 'rollback_completed', StartedAt: OLD } }
        : {}),
    };
    response.setHeader('Date', new Date().toUTCString());
    const other = { ...service, ID: 's2', Spec: { ...spec('web:2'), Name: 'proctorwise_api' } };
    const second = { ...other, PreviousSpec: { ...spec('web:1'), Name: 'proctorwise_api' } };
    if (pathname.includes('proctorwise_api')) {
      const update = pathname.endsWith('/update');
      response.statusCode = update ? 500 : 200;
      const breaks = 'rpc error: code = Unknown desc = The swarm does not have a leader.';
      const refuses = 'rpc error: code = InvalidArgument desc = secret key not found';
      const message = api === 'breaks' ? breaks : refuses;
      response.end(JSON.stringify(update ? { message } : second));
    } else if (pathname.endsWith('/update')) {
      asked.push(`${pathname} ${searchParams.get('rollback')} ${searchParams.get('version')}`);
      image = 'web:1';
      response.end('{}');
    } else if (pathname === '/services')
      response.end(JSON.stringify(api === 'none' ? [service] : [service, second]));
    else if (pathname.startsWith('/services/')) response.end(JSON.stringify(service));
    else if (pathname === '/tasks' && error && request.url?.includes('_up-to-date')) response.end('[]');
    else if (pathname === '/tasks') {
      const Status = { State: error ? 'rejected' : 'running', Timestamp: OLD, Err: error };
      response.end(
        JSON.stringify([
          {
            ID: 't1',
            ServiceID: 's1',
            Slot: 1,
            CreatedAt: OLD,
            DesiredState: 'running',
            Spec: service.Spec.TaskTemplate,
            Status,
          },
        ]),
      );
    } else if (request.url?.includes('proctor.lock')) response.end(JSON.stringify(locks));
    else response.end('[]');
  });
});
afterEach(() => daemon.stop());

const OLD = '2026-01-01T00:00:00Z';
const TIMES = { StopGracePeriod: 0 };
const BASE = { Name: 'proctorwise_web', Mode: { Replicated: { Replicas: 1 } }, UpdateConfig: { Monitor: 1 } };

function run(...args: string[]): Promise<{ code: number | null; out: string; summary: string }> {
  const summary = project.path('summary');
  writeFileSync(summary, '');
  const child = spawn(
    process.execPath,
    [project.path('proctor'), 'rollback', '--host', daemon.host, ...args],
    {
      cwd: project.folder,
      env: { PATH: process.env.PATH, GITHUB_STEP_SUMMARY: summary },
    },
  );
  let out = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      out += chunk;
    });
  return new Promise((done) =>
    child.on('close', (code) => done({ code, out, summary: readFileSync(summary, 'utf8') })),
  );
}

test('without --yes only shows what would come back', async () => {
  const { code, out } = await run('web');
  expect(out).toBe(
    `proctorwise at ${daemon.host}\nproctorwise_web\n  now  web:2\n  then web:1\nnothing was touched; add --yes to do it\n`,
  );
  expect([code, asked]).toEqual([0, []]);
});

test("asks Swarm for its own rollback, judges it with the gate's eyes, and says that it is drift", async () => {
  const { code, out, summary } = await run('--yes', 'web');
  expect(asked).toEqual(['/services/proctorwise_web/update previous 7']);
  expect(out).toContain('proctorwise_web converged in ');
  expect(out).toContain('this is drift: the next deploy rolls forward again');
  expect(summary).toContain('| proctorwise_web | `web:2` | `web:1` | converged |');
  expect(code).toBe(0);
});

test('says that deploys are locked, and goes on: an emergency waits for nobody', async () => {
  const lock = { who: 'anna@laptop', since: '2026-01-02T03:04:05Z', why: 'the data moves' };
  locks = [{ ID: 'l1', Spec: { Data: Buffer.from(JSON.stringify(lock)).toString('base64') } }];
  const { code, out, summary } = await run('--yes', 'web');
  expect(out).toContain(
    'warning: deploys are locked by anna@laptop since 2026-01-02 03:04 UTC: the data moves\n',
  );
  expect(summary).toMatch(/^🔒 <code>deploys are locked by .*the data moves<\/code>\n/);
  expect([code, asked.length]).toEqual([0, 1]);
});

test.each([
  ['refuses', 'proctorwise_api NOT PUT BACK, it is as it was: ', 'refused', 1],
  ['breaks', 'proctorwise_api UNKNOWN, it may be on its way back: ', 'unreachable', 6],
] as const)(
  'where Docker %s over one, the other goes back and is judged',
  async (how, told, outcome, exit) => {
    api = how;
    const { code, out, summary } = await run('--yes', 'web', 'api');
    expect(out).toContain(told);
    expect(out).toContain('proctorwise_web converged in ');
    expect(out).not.toContain('nothing was touched');
    expect(summary).toContain('| proctorwise_web | `web:2` | `web:1` | converged |');
    expect(summary).toContain(`| proctorwise_api | \`web:2\` | \`web:1\` | ${outcome} |`);
    expect(code).toBe(exit);
  },
);

test('with one that cannot go back touches none', async () => {
  const { code, out } = await run('--yes', 'web', 'nothing');
  expect(out).toContain('error: there is no service "nothing" in the stack proctorwise');
  expect(out).toContain('nothing was touched\n');
  expect([code, asked]).toEqual([1, []]);
});

test.each([[['--yes']], [['--yes', '-x']], [['--yes', 'a b;c']]])(
  'called wrongly touches nothing: %j',
  async (args) => {
    const { code, out } = await run(...args);
    expect(out).toContain('usage: ./proctor rollback');
    expect([code, asked]).toEqual([64, []]);
  },
);

test('a server that does not answer is 6', async () => {
  await daemon.down();
  const { code, out } = await run('--yes', 'web');
  expect(out).toContain('error: the Docker daemon at ');
  expect(code).toBe(6);
});

test('what a task says that does not come back is told without the secrets of .env', async () => {
  writeFileSync(project.path('.env'), 'TF_VAR_db_password=correct-horse-battery\n', { mode: 0o600 });
  error = 'cannot open mysql://shop:correct-horse-battery@mariadb/shop';
  const { code, out } = await run('--yes', 'web');
  expect(out).toContain('cannot open mysql://shop:<TF_VAR_db_password>@mariadb/shop');
  expect(out).not.toContain('correct-horse');
  expect(code).toBe(4);
});
