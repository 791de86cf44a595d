import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { settleEarlierRuns } from '../../../../operations/terraform/earlier-run';
import { isAtWork, outputFiles, readRunning } from '../../../../operations/terraform/running';
import { buildDriver } from '../../../support/programs/driver';

const root = mkdtempSync(join(tmpdir(), 'outlives-'));
const out = join(root, 'cdktf.out.deploy-production');
const folder = join(out, 'stacks', 'swarm');
const at = (name: string) => join(folder, name);
const driver = join(root, 'driver.js');
let started: ChildProcess[] = [];

beforeAll(() => {
  buildDriver(
    driver,
    `import { terraform } from './operations/terraform/run';
        const stop = new AbortController();
        process.on('SIGINT', () => stop.abort());
        terraform([...process.argv[2].split(' '), '-json'], {
          folder: ${JSON.stringify(folder)},
          signal: stop.signal,
          onMessage: (message) => console.log(message['@message']),
        }).then(({ code }) => console.log('code', code));`,
  );
});
beforeEach(() => {
  rmSync(out, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  mkdirSync(at('reports'));
  writeFileSync(at('deploy.tfplan'), 'every secret');
});
afterEach(() => {
  for (const { pid } of started) {
    try {
      process.kill(pid!, 'SIGKILL');
    } catch {
      // It has ended.
    }
  }
  started = [];
});
afterAll(() => rmSync(root, { recursive: true }));

const says = (message: object) => `echo '${JSON.stringify({ '@message': '', ...message })}'`;
const COMPLETE = says({
  type: 'change_summary',
  '@message': 'Apply complete! Resources: 1 added, 0 changed, 0 destroyed.',
});

/** Terraform, as a script: it writes a line, waits for the file `go`, writes more than a pipe holds, and then its state. */
function startDeploy(what: string, end = COMPLETE): ChildProcess {
  const program = join(root, 'terraform');
  writeFileSync(
    program,
    `#!/bin/sh
trap 'echo interrupted > interrupted; touch go' INT
${says({ type: 'version', '@message': 'begun' })}
until [ -e go ]; do sleep 0.05; done
i=0; while [ $i -lt 3000 ]; do echo '{"@message":"${'x'.repeat(60)}"}'; i=$((i+1)); done
echo written > state
${end}
`,
    { mode: 0o755 },
  );
  const [command, ...args] = [process.execPath, driver, what];
  const child = spawn(command!, args, {
    env: { ...process.env, TERRAFORM_BINARY_NAME: program },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  started.push(child);
  return child;
}

const begun = (child: ChildProcess) =>
  new Promise<void>((resolve) => child.stdout!.on('data', (text) => /begun/.test(text) && resolve()));
const ended = (child: ChildProcess) => new Promise((resolve) => child.once('exit', resolve));
const until = async (there: () => boolean) => {
  while (!there()) await new Promise((resolve) => setTimeout(resolve, 20));
};

async function kill(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  await begun(child);
  const gone = ended(child);
  child.kill(signal);
  await gone;
}

test.each(['SIGKILL', 'SIGHUP', 'SIGTERM'] as const)(
  'a deploy that dies by %s leaves Terraform to come to its end, and the next one waits for it and says so',
  async (signal) => {
    await kill(startDeploy('apply'), signal);
    expect(existsSync(at('state'))).toBe(false);
    const running = readRunning(folder)!;
    expect(isAtWork(running)).toBe(true);

    const said: string[] = [];
    const settled = settleEarlierRuns({ out, say: (line) => said.push(line) });
    await until(() => said.length > 0);
    writeFileSync(at('go'), '');
    await settled;
    expect(readFileSync(at('state'), 'utf8')).toBe('written\n');
    expect(said).toEqual([
      `an earlier run was killed, and its terraform apply (process ${running.pid}, since ${running.since}) is still at work: waiting for its end`,
      'an earlier run was killed; its terraform apply finished: Apply complete! Resources: 1 added, 0 changed, 0 destroyed.; what it left, the plan among it, is removed',
    ]);
    for (const path of [at('deploy.tfplan'), at('reports'), outputFiles(folder).stdout]) {
      expect(existsSync(path)).toBe(false);
    }
    expect(readRunning(folder)).toBeUndefined();
  },
);

test('so is one that only waits for whoever holds the state: it frees the lock that it may just have got', async () => {
  await kill(startDeploy('state rm -dry-run'), 'SIGKILL');
  const running = readRunning(folder)!;
  const said: string[] = [];
  const settled = settleEarlierRuns({ out, say: (line) => said.push(line) });
  await until(() => said.length > 0);
  writeFileSync(at('go'), '');
  await settled;
  expect(said).toEqual([
    `an earlier run was killed, and its terraform that waits for the state (process ${running.pid}, since ${running.since}) is still at work: waiting for its end`,
    'an earlier run was killed; it had begun nothing',
  ]);
  expect(existsSync(at('state'))).toBe(true);
});

test('a reader that goes away ends nobody', async () => {
  const child = startDeploy('apply');
  await begun(child);
  child.stdout!.destroy();
  writeFileSync(at('go'), '');
  await until(() => existsSync(at('state')));
});

test('what a run that nobody saw ended with is said: an error, or no end at all', async () => {
  const failed = says({ diagnostic: { severity: 'error', summary: 'no' } });
  for (const [end, words] of [
    [failed, /its terraform apply ended with an error; /],
    ['', /its terraform apply did not finish; /],
  ] as const) {
    await kill(startDeploy('apply', end), 'SIGKILL');
    writeFileSync(at('go'), '');
    const said: string[] = [];
    await settleEarlierRuns({ out, say: (line) => said.push(line) });
    expect(said.at(-1)).toMatch(words);
    rmSync(at('go'));
  }
});

test('one that does not end in time is left alone, with its plan, and the way to end it is said', async () => {
  await kill(startDeploy('plan'), 'SIGKILL');
  const { pid } = readRunning(folder)!;
  await expect(settleEarlierRuns({ out, say: () => {}, maxSeconds: 0 })).rejects.toThrow(
    new RegExp(
      `^terraform plan \\(process ${pid}, since .*\\) of an earlier run is still at work, nothing was changed\n {2}wait for it, or end it in good order: kill -INT ${pid}$`,
    ),
  );
  expect(existsSync(at('deploy.tfplan'))).toBe(true);
  writeFileSync(at('go'), '');
  await until(() => existsSync(at('state')));
});

test('an interrupt still reaches Terraform, and a run that was seen to its end leaves no record', async () => {
  const child = startDeploy('apply');
  await begun(child);
  const gone = ended(child);
  child.kill('SIGINT');
  await gone;
  expect(existsSync(at('interrupted'))).toBe(true);
  expect(readRunning(folder)).toBeUndefined();
  expect(existsSync(outputFiles(folder).stdout)).toBe(false);
  // Its deploy removes it itself.
  expect(existsSync(at('deploy.tfplan'))).toBe(true);
});

test('what Terraform writes meanwhile is for this user alone', async () => {
  const child = startDeploy('apply');
  await begun(child);
  for (const path of Object.values(outputFiles(folder))) expect(statSync(path).mode & 0o077).toBe(0);
  writeFileSync(at('go'), '');
  await ended(child);
});

test('a deploy that was killed while it asked has left its plan, which is removed', async () => {
  const said: string[] = [];
  await settleEarlierRuns({ out, say: (line) => said.push(line) });
  expect(said).toEqual([
    'an earlier run was killed between its plan and its end; what it left, the plan among it, is removed',
  ]);
  expect(existsSync(at('deploy.tfplan'))).toBe(false);
});

test('nothing is said where nothing was left', async () => {
  const said: string[] = [];
  for (const name of ['deploy.tfplan', 'reports']) rmSync(at(name), { recursive: true });
  await settleEarlierRuns({ out, say: (line) => said.push(line) });
  await settleEarlierRuns({ out: join(root, 'never'), say: (line) => said.push(line) });
  expect(said).toEqual([]);
});
