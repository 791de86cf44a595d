import { spawnSync } from 'node:child_process';

/** A TF_ENCRYPTION whose passphrase is known. */
export const PASSPHRASE = 'correct-horse-battery-staple';
export const encryptionWith = (...parts: readonly string[]): string =>
  [
    `key_provider "pbkdf2" "main" { passphrase = "${PASSPHRASE}" }`,
    'method "aes_gcm" "main" { keys = key_provider.pbkdf2.main }',
    ...parts.map((part) => `${part} { method = method.aes_gcm.main }`),
  ].join('\n');

/** Why OpenTofu cannot be tried here; undefined when it can. */
export const noTofu: string | undefined =
  spawnSync('tofu', ['version']).status === 0 ? undefined : 'there is no tofu';

export const describeWithTofu = noTofu === undefined ? describe : describe.skip;
if (noTofu !== undefined) process.stderr.write(`SKIPPED: tests of OpenTofu and its encryption (${noTofu})\n`);

const { TERRAFORM_BINARY_NAME: before } = process.env;

/** For the tests of one `describe`: the program is tofu. */
export function useTofu(): void {
  beforeAll(() => {
    process.env.TERRAFORM_BINARY_NAME = 'tofu';
  });
  afterAll(() => {
    if (before === undefined) delete process.env.TERRAFORM_BINARY_NAME;
    else process.env.TERRAFORM_BINARY_NAME = before;
  });
}
