import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addEnvFile, runSecretCommands } from '../../../../operations/inputs/sources';

const folder = mkdtempSync(join(tmpdir(), 'sources-'));
afterAll(() => rmSync(folder, { recursive: true }));
const write = (name: string, text: string) => writeFileSync(join(folder, name), text, { mode: 0o600 });

test('the shell wins over the file, unless it says nothing, as CI does with a secret that is not set', () => {
  write('.env', 'TF_VAR_a=file\nTF_VAR_b=file\nTF_VAR_c=file\n');
  const { shell, added, file } = addEnvFile(
    { TF_VAR_a: 'shell', TF_VAR_b: '', HOME: '/' },
    folder,
    'production',
  );
  expect(shell).toEqual({ TF_VAR_a: 'shell', TF_VAR_b: 'file', TF_VAR_c: 'file', HOME: '/' });
  expect(added).toEqual({ TF_VAR_b: 'file', TF_VAR_c: 'file' });
  expect(file).toBe('.env');
});

test('staging never gets production’s file', () => {
  expect(addEnvFile({}, folder, 'staging')).toEqual({ shell: {}, added: {}, findings: [] });
  write('.env.staging', 'TF_VAR_a=staging\n');
  expect(addEnvFile({}, folder, 'staging').added).toEqual({ TF_VAR_a: 'staging' });
});

test('a file cannot choose its environment', () => {
  write('.env.other', 'PLATFORM_ENVIRONMENT=staging\n');
  expect(() => addEnvFile({}, folder, 'other')).toThrow(
    /^\.env\.other sets PLATFORM_ENVIRONMENT.*\n.*remove it/,
  );
});

test('a file cannot choose the program, which cdktf would not see', () => {
  write('.env', 'TERRAFORM_BINARY_NAME=tofu\n');
  expect(() => addEnvFile({}, folder, 'production')).toThrow(
    /^\.env sets TERRAFORM_BINARY_NAME.*\n.*export TERRAFORM_BINARY_NAME=tofu$/,
  );
});

describe('commands', () => {
  const asked: string[] = [];
  const run = (commands: Record<string, string[]>, shell: Record<string, string> = {}) =>
    runSecretCommands({
      commands,
      environment: { env: { PATH: process.env.PATH } },
      shell: { PATH: process.env.PATH, ...shell },
      projectFolder: folder,
      say: (line) => asked.push(line),
    });

  test('give what nobody has given, and are told before they run', async () => {
    const commands = { a: ['echo', 'one'], b: ['false'], c: ['echo', 'three'] };
    expect(await run(commands, { TF_VAR_b: 'given', TF_VAR_c: '' })).toEqual({
      TF_VAR_a: 'one',
      TF_VAR_c: 'three',
    });
    expect(asked).toEqual(['a: echo one', 'c: echo three']);
  });

  test('that fail end it with the secret’s name', async () => {
    await expect(run({ a: ['false'] })).rejects.toThrow(/^the secret a: `false` ended with 1\n/);
  });
});
