import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { withSources } from '../../../operations/terminal/with-sources';

const project = join(__dirname, '../..', '..');
const root = join(mkdtempSync(join(realpathSync(tmpdir()), 'bundle-')), 'a (new) folder');
const dist = join(root, 'dist');

beforeAll(() => {
  mkdirSync(root);
  for (const part of [
    'constructs',
    'operations',
    'cli',
    'build',
    'contract',
    'main.ts',
    'services.config.ts',
    'package.json',
    'tsconfig.json',
  ]) {
    cpSync(join(project, part), join(root, part), { recursive: true });
  }
  symlinkSync(join(project, 'node_modules'), join(root, 'node_modules'));
});
afterAll(() => rmSync(dirname(root), { recursive: true }));

/** Bundles in a process of its own, and tells which files were written anew. */
function bundle(): string[] {
  const files = ['main.js', 'packages.js', 'rollout.js', 'provision.js', 'check-certificate.js'];
  const times = () =>
    files.map((name) => statSync(join(dist, name), { throwIfNoEntry: false, bigint: true })?.mtimeNs);
  const before = times();
  const code = `await (await import('./build/bundle.mjs')).bundle(process.cwd(), process.cwd() + '/dist')`;
  execFileSync(process.execPath, ['--input-type=module', '-e', code], { cwd: root });
  const after = times();
  return files.filter((_, index) => before[index] !== after[index]);
}
const text = (name: string) => readFileSync(join(dist, name), 'utf8');

test('the app is bundled each time, the rest when it changed, and nothing is ever stale', () => {
  expect(bundle()).toHaveLength(5);
  expect(bundle()).toEqual(['main.js']);

  const catalogue = join(root, 'services.config.ts');
  writeFileSync(catalogue, readFileSync(catalogue, 'utf8').replace('nginx:1.30', 'nginx:1.31'));
  expect(bundle()).toEqual(['main.js']);
  expect(text('main.js')).toContain('nginx:1.31');

  // As long as before, and saved within the same second: only the content tells.
  appendFileSync(join(root, 'operations/docker/host.ts'), "\nprocess.env.EDIT_A = 'a';\n");
  expect(bundle()).toEqual(expect.arrayContaining(['rollout.js', 'provision.js']));
  writeFileSync(
    join(root, 'operations/docker/host.ts'),
    readFileSync(join(root, 'operations/docker/host.ts'), 'utf8').replaceAll('EDIT_A', 'EDIT_B'),
  );
  expect(bundle()).toContain('rollout.js');
  expect(text('rollout.js')).toContain('EDIT_B');

  rmSync(join(dist, 'rollout.js'));
  expect(bundle()).toContain('rollout.js');
  appendFileSync(join(dist, 'packages.js'), '// by another hand');
  expect(bundle()).toContain('packages.js');
  expect(text('packages.js')).not.toContain('by another hand');
  writeFileSync(join(dist, 'scripts.json'), '{"how":');
  expect(bundle()).toContain('provision.js');
}, 60_000);

test('a program that fails itself says where in its sources', () => {
  const source =
    "const what: string = 'seen';\n\nexport const fail = () => {\n  throw new Error(what);\n};\nfail();\n";
  writeFileSync(join(root, 'cli/run/fails.ts'), source);
  const code = `
    const { bundleProgram } = await import('./build/bundle.mjs');
    const { createRequire } = await import('node:module');
    const file = await bundleProgram(process.cwd(), 'cli/run/fails.ts', process.cwd() + '/dist/cli/fails.js');
    try { createRequire(file)(file); } catch ({ stack }) { process.stdout.write(stack); }`;
  const run = [process.execPath, ['--input-type=module', '-e', code]] as const;
  const stack = execFileSync(...run, { cwd: root, encoding: 'utf8' });
  expect(stack).toContain('dist/cli/fails.js:');
  expect(withSources(stack).split('\n').slice(0, 2)).toEqual([
    'Error: seen',
    `    at fail (${join(root, 'cli/run/fails.ts')}:4:9)`,
  ]);
  // A bundle whose map is not there any more is told as it stands.
  rmSync(join(root, 'dist/cli/fails.js.map'));
  expect(withSources(stack)).toBe(stack);
});
