import { spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { ProjectCopy } from '../../support/programs/project-copy';

const SERVER = { VPS_HOST: '203.0.113.10', VPS_USER: 'root' };
const LAB = { ...SERVER, PLATFORM_ENVIRONMENT: 'lab' };

const project = new ProjectCopy();
const catalogue = project.read('services.config.ts');
/** What an earlier synth and `terraform init` have left. */
const OLDER = {
  'stacks/swarm-lab/cdk.tf.json': '{"older": true}',
  'stacks/swarm-lab/.terraform/providers/marker': 'a provider',
  'stacks/swarm-lab/.terraform.lock.hcl': '# a lock\n',
  'stacks/swarm-lab/errored.tfstate': '{}',
};
beforeEach(() => {
  project.write('services.config.ts', catalogue);
  for (const [name, content] of Object.entries(OLDER)) project.write(`cdktf.out/${name}`, content);
});
afterAll(() => project.remove());

/** Refused in words for people, and what was there is as it was. */
function expectRefusal(
  { status, stderr }: ReturnType<ProjectCopy['synth']>,
  ...messages: (string | RegExp)[]
) {
  for (const message of messages) expect(stderr).toMatch(message);
  expect(stderr).toMatch(/^error: /);
  expect(stderr).not.toMatch(/\n\s+at .*:\d+:\d+/);
  expect(stderr).not.toContain('skipValidation');
  expect(status).toBe(1);
  expect(project.outputs()).toEqual(['cdktf.out']);
  expect(project.files('cdktf.out')).toEqual(OLDER);
}

test('a misspelt key and a number without its unit are refused, each with file and line', () => {
  project.edit('replicas: 2,', 'replica: 2,');
  project.edit('limits: size(0.25, 192)', 'limits: 512');
  expectRefusal(
    project.synth(LAB),
    'the types do not fit, nothing was synthesized',
    /services\.config\.ts\(\d+,\d+\): error .*'replica'/,
    /services\.config\.ts\(\d+,\d+\): error .*'number' is not assignable/,
  );
});

test('production without digests, with "latest" and too large for its node is refused with all of it at once', () => {
  project.edit('proctorwise-analyticsservice:1.0.0', 'proctorwise-analyticsservice:latest');
  project.edit('node: { cpus: Cpu.cores(4)', 'node: { cpus: Cpu.cores(1)');
  expectRefusal(
    project.synth(SERVER),
    'image mariadb:10.11 has no digest in images.lock.json\n',
    'run: ./proctor images lock',
    'is "latest"',
    'the node has 1 CPU',
  );
});

test('a missing VPS_HOST is refused with what to export', () => {
  expectRefusal(project.synth(), 'VPS_HOST is not set', 'export VPS_HOST=');
});

test('a Node.js that is too old is refused with the one to install', () => {
  const older = `data:text/javascript,Object.defineProperty(process.versions,"node",{value:"20.8.1"})`;
  expectRefusal(
    project.synth(LAB, ['--import', older]),
    'Node.js 20.8.1 is too old\n  install Node.js 20.9 or newer',
  );
});

test('packages that are not installed are missed with the command that installs them', () => {
  const bare = new ProjectCopy();
  try {
    spawnSync('rm', [bare.path('node_modules')]);
    expect(bare.synth(LAB)).toMatchObject({ status: 1, stderr: expect.stringContaining('run: npm ci') });
  } finally {
    bare.remove();
  }
});

describe('a run that works', () => {
  const fresh = () => JSON.parse(project.files('cdktf.out')['stacks/swarm-lab/cdk.tf.json'] ?? '{}');

  test('replaces the output, keeps what terraform init made, and clears up after one that was killed', async () => {
    const killed = project.start(LAB);
    const ended = new Promise((done) => killed.on('close', done));
    while (project.outputs().length === 1 && killed.exitCode === null) await setTimeout(2);
    killed.kill('SIGKILL');
    await ended;
    expect(project.outputs()).toHaveLength(2);
    expect(project.files('cdktf.out')).toEqual(OLDER);
    mkdirSync(project.path('cdktf.out.old'));

    const { status, stderr } = project.synth(LAB);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(project.outputs()).toEqual(['cdktf.out']);
    expect(Object.keys(fresh().resource.docker_service)).toHaveLength(10);
    const { 'stacks/swarm-lab/cdk.tf.json': _, ...kept } = OLDER;
    expect(project.files('cdktf.out')).toMatchObject(kept);
    // Plans hold secrets, whoever has Terraform write them.
    const mode = (name: string) => statSync(project.path(name)).mode & 0o777;
    expect(mode('cdktf.out')).toBe(0o700);
  });

  test("takes the project's own lock file where there is one, and a catalogue edit is never stale", () => {
    project.write('.terraform.lock.hcl', '# the lock of the project\n');
    project.edit("JWT_ALGORITHM: 'HS256'", "JWT_ALGORITHM: 'HS512'");
    expect(project.synth(LAB).status).toBe(0);
    expect(project.files('cdktf.out')['stacks/swarm-lab/.terraform.lock.hcl']).toBe(
      '# the lock of the project\n',
    );
    expect(fresh().resource.docker_service.userservice.task_spec.container_spec.args).toContain(
      'JWT_ALGORITHM=HS512',
    );
  });
});

describe('what the type check remembers', () => {
  const remembered = () => readdirSync(project.path('dist')).filter((name) => /^types-.*info$/.test(name));

  test('hides no wrong type: not one that was there, not one that comes, not one where half of it is lost', () => {
    expect(project.synth(LAB).status).toBe(0);
    const [file] = remembered();
    expect(file).toBeDefined();
    const wrong = () => project.edit('replicas: 2,', 'replica: 2,');
    wrong();
    for (let times = 0; times < 2; times++)
      expect(project.synth(LAB).stderr).toMatch(/services\.config\.ts\(\d+,\d+\): error .*'replica'/);
    const path = project.path(`dist/${file}`);
    writeFileSync(path, readFileSync(path, 'utf8').slice(0, 300));
    expect(project.synth(LAB).stderr).toMatch(/error .*'replica'/);
    project.write('services.config.ts', catalogue);
    expect(project.synth(LAB).status).toBe(0);
  });

  test('keeps the compiler from being started where nothing has changed, and only there', () => {
    expect(project.synth(LAB).status).toBe(0);
    const path = project.path(`dist/${remembered()[0]}`);
    const isChecked = () => {
      writeFileSync(path, 'a compiler would write this anew');
      expect(project.synth(LAB)).toMatchObject({ status: 0, stderr: '' });
      return readFileSync(path, 'utf8') !== 'a compiler would write this anew';
    };
    // Its files were written just before that: too young to be told from what may come in the same moment.
    isChecked();
    expect(isChecked()).toBe(false);
    const { atime, mtime } = statSync(project.path('services.config.ts'));
    project.write('services.config.ts', catalogue.replace('replicas: 2,', 'replicas: 3,'));
    utimesSync(project.path('services.config.ts'), atime, mtime);
    expect(isChecked()).toBe(true);
    project.write('operations/new-folder/new.ts', 'export const wrong: string = 1;');
    expect(project.synth(LAB).stderr).toMatch(/new\.ts\(1,\d+\): error/);
    rmSync(project.path('operations/new-folder'), { recursive: true });
    // What that one extends.
    const settings = project.read('tsconfig.json');
    project.write(
      'tsconfig.json',
      settings.replace('"strict": true', '"strict": true, "noImplicitReturns": true'),
    );
    expect(isChecked()).toBe(true);
    project.write('tsconfig.json', settings);
  });

  test('is no reason to fail where it cannot be written', () => {
    const path = project.path(`dist/${remembered()[0]}`);
    rmSync(path);
    mkdirSync(path);
    try {
      expect(project.synth(LAB)).toMatchObject({ status: 0, stderr: '' });
      project.edit('replicas: 2,', 'replica: 2,');
      expect(project.synth(LAB).stderr).not.toMatch(/TS5033/);
    } finally {
      rmSync(path, { recursive: true });
    }
  });
});

describe('a full disk', () => {
  const disk = project.path('disk');
  const mount = (options: string) => {
    mkdirSync(disk, { recursive: true });
    return spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', disk]).status === 0;
  };
  const unmount = () => spawnSync('umount', [disk]);
  const possible = mount('size=64k');
  unmount();
  if (!possible) console.warn('SKIPPED: no tmpfs can be mounted here, no disk is full in these tests');

  (possible ? test : test.skip).each([
    ['while the stack is written', 'size=64k'],
    ['before the first file', 'size=64k,nr_inodes=3'],
  ])('%s: the older output stays as it is, and no half of a new one', (_, options) => {
    expect(mount(options)).toBe(true);
    try {
      cpSync(project.path('cdktf.out/stacks/swarm-lab/cdk.tf.json'), join(disk, 'cdktf.out/cdk.tf.json'));
      const { status, stderr } = project.synth({ ...LAB, CDKTF_OUTDIR: join(disk, 'cdktf.out') });
      expect(stderr).toMatch(/^error: no space left on the disk: .*\n {2}free some; .* is as it was\n$/);
      expect(status).toBe(1);
      expect(project.outputs('disk')).toEqual(['cdktf.out']);
      expect(readFileSync(join(disk, 'cdktf.out/cdk.tf.json'), 'utf8')).toBe('{"older": true}');
    } finally {
      unmount();
    }
  });
});
