import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(__dirname, '../../../..');
const folder = mkdtempSync(join(tmpdir(), 'large-platform-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('the platform by which synth is measured breaks no rule, however many applications it has', () => {
  const outfile = join(folder, 'large-platform.cjs');
  const code = `import { bundleScripts } from './build/bundle.mjs';
    import { bundleText } from './proof/speed/bundle-text.mjs';
    await bundleScripts(process.cwd(), process.cwd() + '/dist');
    await bundleText(process.cwd(), ${JSON.stringify(outfile)}, "import './proof/speed/large-platform.mjs';");`;
  execFileSync(process.execPath, ['--input-type=module', '-e', code], { cwd: root });
  const bytesOf = (count: number) =>
    JSON.parse(execFileSync(process.execPath, [outfile, String(count)], { cwd: root, encoding: 'utf8' }))
      .bytes;
  const [few, many] = [bytesOf(3), bytesOf(30)];
  expect(few).toBeGreaterThan(10_000);
  expect(many).toBeGreaterThan(3 * few);
});
