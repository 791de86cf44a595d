import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const ROOT = resolve(__dirname, '../../..');

test('docs/commands.md is what every verb says about itself', () => {
  const { status, stderr } = spawnSync(process.execPath, [join(ROOT, 'build/docs.mjs'), '--check'], {
    encoding: 'utf8',
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});

test('every verb names its usage and its exit codes', () => {
  const page = readFileSync(join(ROOT, 'docs/commands.md'), 'utf8');
  const sections = page.split(/^## /m).slice(1);
  expect(sections.length).toBeGreaterThan(15);
  for (const section of sections) {
    const verb = section.match(/^`(.+)`/)![1]!;
    expect(section).toContain(`usage: ./proctor ${verb}`);
    expect(section).toMatch(/^exit: 0 /m);
  }
});
