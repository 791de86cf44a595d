import { spawn, spawnSync } from 'node:child_process';
import { closeSync, cpSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ProjectCopy } from '../../support/programs/project-copy';

jest.setTimeout(120_000);

const project = new ProjectCopy();
afterAll(() => project.remove());

test('help goes to standard output with 0, wrong usage to standard error with 64', () => {
  const help = project.run('help');
  expect([help.status, help.stderr]).toEqual([0, '']);
  expect(help.stdout).toMatch(/^usage: \.\/proctor <verb>/);
  expect(project.run('deploy', ['--help']).stdout).toBe(project.run('help', ['deploy']).stdout);
  expect(project.run('help', ['dploy'])).toMatchObject({ status: 64, stdout: '' });
  expect(project.run('image', ['lock'])).toMatchObject({
    status: 64,
    stderr: 'error: there is no verb image\n  did you mean: images lock\n',
  });
  const misspelt = project.run('deploy', ['--yse']);
  expect(misspelt).toMatchObject({ status: 64, stdout: '' });
  expect(misspelt.stderr).toBe(
    'error: there is no option --yse\n  did you mean: --yes\nusage: ./proctor deploy [options]\n',
  );
});

test('it finds its project from another folder', () => {
  const { stderr } = spawnSync(project.path('proctor'), ['images', 'lock', '--check'], {
    cwd: tmpdir(),
    encoding: 'utf8',
  });
  expect(stderr).toMatch(/images\.lock\.json/);
});

test('an npm script of before is the same, and passes the exit code on', () => {
  const npm = (...args: string[]) =>
    spawnSync('npm', ['run', '--silent', ...args], { cwd: project.folder, encoding: 'utf8' });
  expect(npm('plan', '--', '--help').stdout).toBe(project.run('plan', ['--help']).stdout);
  expect(npm('deploy', '--', '--yse').status).toBe(64);
  expect(npm('images:lock', '--', '--check', 'nginx').status).toBe(64);
});

test('without its packages, or on an old Node.js, it says so in two lines', () => {
  const folder = mkdtempSync(join(tmpdir(), 'bare-'));
  try {
    cpSync(project.path('proctor'), join(folder, 'proctor'));
    const run = (...options: string[]) =>
      spawnSync(process.execPath, [...options, join(folder, 'proctor'), 'help'], { encoding: 'utf8' });
    expect(run()).toMatchObject({
      status: 1,
      stderr: 'error: the packages are not installed\n  run: npm ci --ignore-scripts\n',
    });
    const old = join(folder, 'old.cjs');
    writeFileSync(
      old,
      "Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '18.20.0' } });",
    );
    expect(run('--require', old)).toMatchObject({
      status: 1,
      stderr: 'error: Node.js 18.20.0 is too old\n  install Node.js 20.9 or newer, for example 22\n',
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test.each(['SIGINT', 'SIGTERM'] as const)(
  '%s reaches the verb itself, which decides what to do',
  async (name) => {
    project.write(
      'cli/run/status.ts',
      `export const run = () => new Promise((done) => {
      const timer = setTimeout(() => done(1), 30_000);
      process.once('${name}', () => { clearTimeout(timer); console.log('ended in good order'); done(5); });
      console.log('under way');
    });`,
    );
    const child = spawn(project.path('proctor'), ['status'], { cwd: project.folder });
    let said = '';
    child.stdout.on('data', (chunk) => {
      said += chunk;
      if (said === 'under way\n') child.kill(name);
    });
    const code = await new Promise((done) => child.once('close', done));
    expect([said, code]).toEqual(['under way\nended in good order\n', 5]);
  },
);

test.each([
  ['an exception in a timer', 'setTimeout(() => {\n  throw new Error("lost");\n}, 1);'],
  ['a promise that nobody waits for', 'Promise.reject(\n  new Error("lost"));'],
])('%s ends it as what it is, with the place in the sources', (_, fault) => {
  project.write('cli/run/status.ts', `export const run = () => new Promise(() => {\n${fault}\n});`);
  const { status, stderr } = project.run('status');
  expect(stderr).toMatch(/^proctor itself failed: Error: lost\n/);
  expect(stderr).toMatch(/^ {4}at .*\/cli\/run\/status\.ts:3:\d+\)?$/m);
  expect(status).toBe(70);
});

describe('output that cannot be written', () => {
  test('ends nothing where nobody reads it', async () => {
    const child = spawn(project.path('proctor'), ['help'], { cwd: project.folder });
    child.stdout.destroy();
    let said = '';
    child.stderr.on('data', (chunk) => {
      said += chunk;
    });
    const code = await new Promise((done) => child.once('close', done));
    expect([said, code]).toEqual(['', 0]);
  });

  test('is said where a disk is full', () => {
    const full = openSync('/dev/full', 'w');
    const { status, stderr } = spawnSync(project.path('proctor'), ['help'], {
      cwd: project.folder,
      encoding: 'utf8',
      stdio: ['ignore', full, 'pipe'],
    });
    closeSync(full);
    expect(stderr).toMatch(/^error: what this prints cannot be written: ENOSPC.*\n$/);
    expect(status).toBe(70);
  });

  test.each([
    ['EIO', 'of a terminal that is closed is no fault', 0, ''],
    [
      'ENOSPC',
      'is said once, and 0 is no success',
      70,
      'error: what this prints cannot be written: no room\n',
    ],
  ])('%s %s; what was begun is finished', (code, _, status, said) => {
    const error = `Object.assign(new Error('no room'), { code: '${code}' })`;
    const terminal = 'Object.assign(stream, { isTTY: true })';
    project.write(
      'cli/run/status.ts',
      `export const run = async () => {
      for (const stream of [process.stdout, process.stderr]) ${terminal}.emit('error', ${error});
      await new Promise((done) => setTimeout(done, 10));
      console.log('finished');
      return 0;
    };`,
    );
    expect(project.run('status')).toMatchObject({ status, stdout: 'finished\n', stderr: said });
  });
});

test('a catalogue that cannot be read is said, with exit code 1', () => {
  const broken = new ProjectCopy();
  broken.write('services.config.ts', 'this is no catalogue');
  const { status, stderr } = broken.run('compose');
  broken.remove();
  expect(stderr).toMatch(/error: services\.config\.ts, or what it imports, cannot be read\n {2}mend /);
  expect(status).toBe(1);
});
