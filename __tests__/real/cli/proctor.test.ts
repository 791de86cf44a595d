import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { platform } from '../../../services.config';
import { ProjectCopy } from '../../support/programs/project-copy';

jest.setTimeout(120_000);

const project = new ProjectCopy();
afterAll(() => project.remove());

test('help goes to standard output with 0, wrong usage to standard error with 64', () => {
  const help = project.run('help');
  expect([help.status, help.stderr]).toEqual([0, '']);
  expect(help.stdout).toMatch(/^usage: \.\/proctor <command>/);
  expect(project.run('deploy', ['--help']).stdout).toBe(project.run('help', ['deploy']).stdout);
  expect(project.run('help', ['dploy'])).toMatchObject({ status: 64, stdout: '' });
  const misspelt = project.run('deploy', ['--yse']);
  expect(misspelt).toMatchObject({ status: 64, stdout: '' });
  expect(misspelt.stderr).toBe(
    'error: there is no option --yse\n  did you mean --yes?\nusage: ./proctor deploy [options]\n',
  );
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
      stderr: 'error: the packages are not installed\n  run: npm ci\n',
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

describe('completion in bash', () => {
  /** What Tab offers at the end of the line. */
  const offered = (line: string): string[] => {
    const script = `source <(./proctor completion bash)
COMP_WORDS=(${line}${line.endsWith(' ') ? " ''" : ''})
COMP_CWORD=$((\${#COMP_WORDS[@]} - 1))
$(complete -p proctor | sed 's/.*-F \\([^ ]*\\) .*/\\1/')
printf '%s\\n' "\${COMPREPLY[@]}"`;
    const said = execFileSync('bash', ['-c', script], { cwd: project.folder, encoding: 'utf8' });
    return said.split('\n').filter(Boolean);
  };

  test('knows verbs and options, and names of the catalogue', () => {
    expect(offered('./proctor depl')).toEqual(['deploy']);
    expect(offered('./proctor deploy --ye')).toEqual(['--yes']);
    expect(offered('./proctor deploy --environment ')).toEqual(Object.keys(platform.environments).sort());
    expect(offered('./proctor secrets --generate ')).toEqual(Object.keys(platform.secrets).sort());
    expect(offered('./proctor rollback users')).toEqual(['userservice']);
  });

  test('is silent over a catalogue that cannot be read', () => {
    const written = project.read('services.config.ts');
    project.write('services.config.ts', 'this is no catalogue');
    try {
      expect(offered('./proctor deploy --environment ')).toEqual([]);
      expect(offered('./proctor depl')).toEqual(['deploy']);
    } finally {
      project.write('services.config.ts', written);
    }
  });
});

test('a package that is packed and installed elsewhere has the command', () => {
  const folder = mkdtempSync(join(tmpdir(), 'packed-'));
  try {
    const packed = execFileSync('npm', ['pack', '--silent', '--pack-destination', folder], {
      cwd: join(__dirname, '../../..'),
      encoding: 'utf8',
    }).trim();
    const home = join(folder, 'node_modules', 'proctorwise-swarm');
    mkdirSync(home, { recursive: true });
    execFileSync('tar', ['-xzf', join(folder, packed), '--strip-components=1', '-C', home]);
    for (const name of ['esbuild', '@esbuild', 'commander']) {
      cpSync(join(__dirname, '../../../node_modules', name), join(folder, 'node_modules', name), {
        recursive: true,
      });
    }
    const bin = join(folder, 'node_modules', '.bin');
    mkdirSync(bin);
    execFileSync('ln', ['-s', '../proctorwise-swarm/proctor', join(bin, 'proctor')]);
    const help = execFileSync('npx', ['--offline', 'proctor', 'help'], { cwd: folder, encoding: 'utf8' });
    expect(help).toMatch(/^usage: \.\/proctor <command>/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
