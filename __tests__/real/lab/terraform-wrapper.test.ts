import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const folder = mkdtempSync(join(tmpdir(), 'terraform-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('keeps what Terraform writes to standard error, passes all on, and ends with its status', () => {
  const terraform = join(folder, 'terraform');
  writeFileSync(terraform, '#!/bin/sh\necho "plan $*"; echo "Error: no such thing" >&2; exit 3\n');
  chmodSync(terraform, 0o755);
  const errors = join(folder, 'errors');
  const { status, stdout, stderr } = spawnSync(
    resolve(__dirname, '../../../lab/assets/terraform.sh'),
    ['apply', 'a b'],
    { env: { PATH: `${folder}:${process.env.PATH}`, TERRAFORM_ERRORS: errors }, encoding: 'utf8' },
  );
  expect({ status, stdout, stderr }).toEqual({
    status: 3,
    stdout: 'plan apply a b\n',
    stderr: 'Error: no such thing\n',
  });
  expect(readFileSync(errors, 'utf8')).toBe('Error: no such thing\n');
});

test('runs the program that the lab names', () => {
  const tofu = join(folder, 'tofu');
  writeFileSync(tofu, '#!/bin/sh\necho "tofu $*"\n', { mode: 0o755 });
  const { stdout } = spawnSync(resolve(__dirname, '../../../lab/assets/terraform.sh'), ['plan'], {
    env: { PATH: process.env.PATH, TERRAFORM_ERRORS: join(folder, 'errors'), TERRAFORM_PROGRAM: tofu },
    encoding: 'utf8',
  });
  expect(stdout).toBe('tofu plan\n');
});
