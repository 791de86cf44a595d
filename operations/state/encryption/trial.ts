import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Shell } from '../../../contract/shell';
import { type Finding, failure, ok, warning } from '../../terminal/finding';
import { lastLines } from '../../terraform/plan';
import { type TerraformResult, type TerraformRun, terraform } from '../../terraform/run';
import { PLAN_FILE } from '../../terraform/running';
import { ignored } from './setting';

const CHECK = 'encryption';
const STATE = 'trial.tfstate';
const HOW = 'docs/state.md, "OpenTofu, and an encrypted state"';

/**
 * Lets the program write a state and a plan with `TF_ENCRYPTION`, in a folder of its own, and looks at the files: what it
 * was given to keep must not be in them. Its built-in provider needs no download.
 */
export async function tryEncryption({ TF_ENCRYPTION = '' }: Shell): Promise<Finding[]> {
  const folder = mkdtempSync(join(tmpdir(), 'state-doctor-'));
  try {
    return await attempt({ folder, env: { TF_ENCRYPTION } });
  } catch (error) {
    // There is no program here.
    const [text = '', fix = HOW] = (error as Error).message.split('\n  ');
    return [failure(CHECK, text, fix)];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function attempt(run: TerraformRun): Promise<Finding[]> {
  const { output } = await terraform(['version'], run);
  const product = output.split('\n')[0] ?? '';
  if (!/^OpenTofu/.test(product)) return [ignored(CHECK, product)];
  const marker = `kept-${randomBytes(12).toString('hex')}`;
  const plan = ['plan', '-input=false', '-json', `-out=${PLAN_FILE}`];
  for (const [value, args] of [
    [marker, ['init', '-input=false', '-no-color']],
    [marker, ['apply', '-auto-approve', '-input=false', '-json']],
    [`${marker}-2`, plan],
  ] as const) {
    writeFileSync(join(run.folder, 'main.tf.json'), JSON.stringify(keeping(value)));
    const result = await terraform(args, run);
    if (result.code !== 0) return [unusable(result)];
  }
  const holds = (file: string) => isReadable(readFileSync(join(run.folder, file)), marker);
  if (holds(STATE)) {
    return [
      warning(
        CHECK,
        'TF_ENCRYPTION is set, and the state is written in clear',
        `give it state { method = … }: ${HOW}`,
      ),
    ];
  }
  if (holds(PLAN_FILE)) {
    return [
      warning(
        CHECK,
        `${product} writes the state as cipher text, but plans, which hold every secret, in clear`,
        `give TF_ENCRYPTION plan { method = … }, too: ${HOW}`,
      ),
    ];
  }
  return [ok(CHECK, `${product} writes state and plan as cipher text`)];
}

const keeping = (input: string) => ({
  terraform: { backend: { local: { path: STATE } } },
  resource: { terraform_data: { kept: { input } } },
});

/** A plan in clear is a ZIP archive, whose parts are compressed. */
const isReadable = (bytes: Buffer, marker: string): boolean =>
  bytes.includes(marker) || bytes.subarray(0, 2).toString('latin1') === 'PK';

const unusable = (result: TerraformResult): Finding =>
  failure(
    CHECK,
    `TF_ENCRYPTION cannot be used: ${lastLines(result).replace(/\s+/g, ' ').slice(0, 300)}`,
    `write it as in ${HOW}`,
  );
