import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const ROOT = resolve(__dirname, '../../..');
const copy = mkdtempSync(join(tmpdir(), 'reference-'));
beforeAll(() => {
  for (const part of ['constructs', 'docs']) cpSync(join(ROOT, part), join(copy, part), { recursive: true });
});
afterAll(() => rmSync(copy, { recursive: true }));

function check(folder: string) {
  const { status, stderr } = spawnSync(process.execPath, [join(ROOT, 'build/docs.mjs'), '--check', folder], {
    encoding: 'utf8',
  });
  return { status, stderr };
}

/** The check on a copy in which one file is changed. */
function changed(file: string, change: (text: string) => string) {
  const path = join(copy, file);
  const text = readFileSync(path, 'utf8');
  expect(change(text)).not.toBe(text);
  writeFileSync(path, change(text));
  try {
    return check(copy);
  } finally {
    writeFileSync(path, text);
  }
}

const page = (name: string) => readFileSync(join(ROOT, 'docs', name), 'utf8');

test('the reference is what the doc comments say, and no option says too little', () => {
  expect(check(ROOT)).toEqual({ status: 0, stderr: '' });
});

test('a changed doc comment makes the page stale', () => {
  const { status, stderr } = changed('constructs/catalogue/spec/node.ts', (text) =>
    text.replace('CPUs of the server.', 'CPUs of the node.'),
  );
  expect(status).toBe(1);
  expect(stderr).toBe('error: docs/catalogue.md: not what the sources say\n  run: npm run docs\n');
});

test('an option that says too little is refused, with what it lacks', () => {
  const { status, stderr } = changed('constructs/catalogue/spec/route.ts', (text) =>
    text
      .replace(/ +\* @change rolls nginx\n(?= +\*\/\n +readonly service:)/, '')
      .replace(/ +\* @example burst.*\n/, '')
      .replace(/ +\* Passes WebSockets on\.\n/, '')
      .replace('readonly path:', 'readonly path?:'),
  );
  expect(status).toBe(1);
  for (const lack of [
    'RouteSpec.service needs @change',
    'RouteSpec.burst needs @example',
    'RouteSpec.websocket needs a sentence that says what it is',
    'RouteSpec.path needs @default',
  ]) {
    expect(stderr).toContain(lack);
  }
});

test('a rule that does not say what it refuses is refused', () => {
  const { status, stderr } = changed('constructs/rules/limits.ts', (text) => text.replace('@refuses', ''));
  expect(status).toBe(1);
  expect(stderr).toContain('constructs/rules/limits.ts: @refuses or @fix is missing');
});

test('every type of the catalogue and every rule is in the reference', () => {
  const generator = readFileSync(join(ROOT, 'build/docs/catalogue.mjs'), 'utf8');
  const files = ['constructs/catalogue/spec', 'constructs/backends'].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => readFileSync(join(ROOT, folder, name), 'utf8')),
  );
  const types = files.flatMap((text) =>
    [...text.matchAll(/^export interface (\w+(?:Spec|Override))\b/gm)].map(([, name]) => name!),
  );
  expect(types.length).toBeGreaterThan(12);
  expect(types.filter((name) => !generator.includes(`'${name}'`))).toEqual([]);

  const rules = readdirSync(join(ROOT, 'constructs/rules'))
    .map((file) => file.replace('.ts', ''))
    .filter((name) => !['index', 'rule'].includes(name));
  const headings = [...page('rules.md').matchAll(/^## `(.+)`$/gm)].map(([, name]) => name!);
  expect(headings.sort()).toEqual(rules.sort());
});
