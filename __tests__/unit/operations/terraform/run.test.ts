import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { terraform } from '../../../../operations/terraform/run';

const folder = mkdtempSync(join(tmpdir(), 'run-'));
const program = join(folder, 'terraform');
const before = { ...process.env };

beforeAll(() =>
  writeFileSync(
    program,
    '#!/bin/sh\necho "$GOGC $GOMEMLIMIT, plain=$TF_DISABLE_PLUGIN_TLS, asks=$TF_INPUT, $(umask)"\n',
    {
      mode: 0o755,
    },
  ),
);
afterEach(() => {
  process.env = { ...before };
});
afterAll(() => rmSync(folder, { recursive: true }));

const start = async (env: Record<string, string> = {}) => {
  const { GOGC, GOMEMLIMIT, TF_DISABLE_PLUGIN_TLS, PLUGIN_UNIX_SOCKET_GROUP, ...rest } = before;
  process.env = { ...rest, TERRAFORM_BINARY_NAME: program, ...env };
  return (await terraform(['show'], { folder })).output;
};

test('the sockets of providers have no certificates, and are nobody else’s', async () => {
  expect(await start()).toBe('off 256MiB, plain=1, asks=0, 0077');
});

test('who sets what only costs time keeps it, but nothing may ask', async () => {
  const own = { GOGC: '50', GOMEMLIMIT: '1GiB', TF_DISABLE_PLUGIN_TLS: '', TF_INPUT: '1' };
  expect(await start(own)).toBe('50 1GiB, plain=, asks=0, 0077');
});

test('a socket that a group may open has certificates', async () => {
  expect(await start({ PLUGIN_UNIX_SOCKET_GROUP: 'deployers' })).toContain('plain=,');
});

test('an apply that cannot be noted is interrupted, waited for, and told as failed', async () => {
  const own = mkdtempSync(join(folder, 'unnoted-'));
  // As a full disk would, it keeps the record from being written.
  mkdirSync(join(own, '.terraform', 'running.json.new'), { recursive: true });
  const slow = join(own, 'terraform');
  writeFileSync(slow, '#!/bin/sh\nsleep 3\necho applied > state\n', { mode: 0o755 });
  process.env = { ...before, TERRAFORM_BINARY_NAME: slow };
  const { code, diagnostics } = await terraform(['apply'], { folder: own });
  expect(code).not.toBe(0);
  expect(diagnostics).toEqual([
    {
      severity: 'error',
      summary: expect.stringMatching(/apply was interrupted, for this machine could not note .*EISDIR/),
      detail: expect.stringContaining('make room on its disk'),
    },
  ]);
  expect(existsSync(join(own, 'state'))).toBe(false);
});
