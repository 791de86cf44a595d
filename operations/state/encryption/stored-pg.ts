import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redactor } from '../../redact/redactor';
import { type Finding, ok } from '../../terminal/finding';
import { jsonIn, terraform } from '../../terraform/run';
import type { Encryption } from './setting';
import { judgeStored } from './stored';

/** OpenTofu's words without a key, and Terraform's, which knows nothing of keys. */
const ENCRYPTED = /is\s+encrypted|does\s+not\s+have\s+a\s+"version"/;

/**
 * What a database has, asked for without the key: text that is not encrypted can then be read, and nothing else.
 *
 * @param backend the block as Terraform reads it
 */
export async function examineDatabase(
  backend: Readonly<Record<string, unknown>>,
  env: Readonly<Record<string, string>>,
  encryption: Encryption | undefined,
): Promise<Finding[]> {
  const folder = mkdtempSync(join(tmpdir(), 'state-doctor-'));
  const run = { folder, env: { ...env, TF_ENCRYPTION: '' } };
  try {
    writeFileSync(join(folder, 'main.tf.json'), JSON.stringify({ terraform: { backend } }));
    await terraform(['init', '-input=false', '-no-color'], run);
    const { code, output, stderr } = await terraform(['state', 'pull', '-no-color'], run);
    if (code !== 0 && !ENCRYPTED.test(stderr)) return [];
    if (code !== 0 && encryption)
      return [ok('state', 'is there, and what is stored is cipher text: without its key it cannot be read')];
    const found = judgeStored(code === 0 ? jsonIn(output) : CIPHER, encryption, new Redactor());
    return found ? [found] : [];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Stands for one that cannot be read. */
const CIPHER = JSON.stringify({ encrypted_data: 'AA==' });
