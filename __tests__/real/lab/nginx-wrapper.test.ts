import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const LOAD = 'load_module /usr/lib/nginx/modules/ngx_stream_module.so;';
const folder = mkdtempSync(join(tmpdir(), 'lab-'));
const real = join(folder, 'real');
const wrapper = join(folder, 'nginx');

beforeAll(() => {
  writeFileSync(real, '#!/bin/sh\nfor argument; do printf "%s\\n" "$argument"; done\n');
  const text = readFileSync(resolve(__dirname, '../../../lab/images/nginx/nginx'), 'utf8');
  expect(text).toContain('exec /usr/lib/nginx/nginx ');
  writeFileSync(wrapper, text.replace('/usr/lib/nginx/nginx ', `${real} `));
  for (const file of [real, wrapper]) chmodSync(file, 0o755);
});
afterAll(() => rmSync(folder, { recursive: true }));

test.each<[string, string[], string[]]>([
  ["the image's own command", ['-g', 'daemon off;'], ['-g', `${LOAD} daemon off;`]],
  ['a test of the configuration', ['-t'], ['-g', LOAD, '-t']],
  ['a signal', ['-s', 'reload'], ['-g', LOAD, '-s', 'reload']],
  [
    'directives among other arguments',
    ['-c', '/a b', '-g', 'pid /x;', '-q'],
    ['-g', `${LOAD} pid /x;`, '-c', '/a b', '-q'],
  ],
  ['directives without a space', ['-gdaemon off;'], ['-g', `${LOAD} daemon off;`]],
])('loads the stream module for %s and passes on the rest', (_, given, passed) => {
  expect(execFileSync(wrapper, given, { encoding: 'utf8' }).trimEnd().split('\n')).toEqual(passed);
});
