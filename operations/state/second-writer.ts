import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inWords } from '../terraform/message';
import { type TerraformResult, terraform } from '../terraform/run';
import { holderOf } from '../terraform/state-lock';

/** How it went: `refused` is what a lock is for. */
export interface SecondWriter {
  readonly outcome: 'refused' | 'admitted' | 'failed';
  /** Terraform's own words when it could not be tried. */
  readonly words: string;
}

/** Holds the state until a file appears, a minute at most. In the program of an argument list: it needs no shell. */
const HOLD = `const { existsSync } = require('node:fs');
console.log('held');
const end = Date.now() + 60000;
const timer = setInterval(() => {
  if (existsSync(process.env.RELEASE) || Date.now() > end) clearInterval(timer);
}, 50);`;

/**
 * Lets Terraform itself try: one run holds a state of its own in this backend, another one wants it. Terraform's built-in
 * provider needs no download.
 *
 * @param workspace where the backend's settings lead to the real state: a workspace that is made and removed again
 */
export async function probeSecondWriter(
  backend: Readonly<Record<string, unknown>>,
  env: Readonly<Record<string, string>> = {},
  workspace?: string,
): Promise<SecondWriter> {
  try {
    return await attempt(backend, env, workspace);
  } catch (error) {
    // There is no Terraform here.
    return { outcome: 'failed', words: (error as Error).message };
  }
}

async function attempt(
  backend: Readonly<Record<string, unknown>>,
  env: Readonly<Record<string, string>>,
  workspace: string | undefined,
): Promise<SecondWriter> {
  const folder = mkdtempSync(join(tmpdir(), 'state-doctor-'));
  const release = join(folder, 'release');
  const run = { folder, env };
  try {
    writeFileSync(join(folder, 'main.tf.json'), JSON.stringify(holding(backend, release)));
    const init = await terraform(['init', '-input=false', '-no-color'], run);
    if (init.code !== 0) return failed(init);
    if (workspace) {
      const made = await terraform(['workspace', 'new', '-no-color', workspace], run);
      if (made.code !== 0) return failed(made);
    }
    let held = (): void => {};
    const isHeld = new Promise<void>((resolve) => {
      held = resolve;
    });
    const first = terraform(['apply', '-auto-approve', '-input=false', '-json'], {
      ...run,
      onMessage: ({ hook }) => hook?.output === 'held' && held(),
    });
    const early = await Promise.race([isHeld, first]);
    if (early) return failed(early);
    const second = await terraform(['plan', '-input=false', '-json', '-lock-timeout=0s'], run).finally(() =>
      writeFileSync(release, ''),
    );
    const ended = await first;
    if (second.code === 0) return { outcome: 'admitted', words: '' };
    if (!holderOf(second.diagnostics)) return failed(second);
    return ended.code === 0 ? { outcome: 'refused', words: '' } : failed(ended);
  } finally {
    if (workspace) await forget(workspace, run);
    rmSync(folder, { recursive: true, force: true });
  }
}

async function forget(workspace: string, run: { folder: string; env: Readonly<Record<string, string>> }) {
  await terraform(['workspace', 'select', '-no-color', 'default'], run);
  await terraform(['workspace', 'delete', '-force', '-no-color', workspace], run);
}

const holding = (backend: object, release: string) => ({
  terraform: { backend },
  resource: {
    terraform_data: {
      hold: {
        provisioner: [
          {
            'local-exec': {
              command: HOLD,
              interpreter: [process.execPath, '-e'],
              environment: { RELEASE: release },
            },
          },
        ],
      },
    },
  },
});

function failed({ diagnostics, output, stderr }: TerraformResult): SecondWriter {
  const errors = diagnostics.filter(({ severity }) => severity === 'error').map(inWords);
  const words = errors.length > 0 ? errors.join('\n') : `${output}\n${stderr}`.trim();
  return { outcome: 'failed', words };
}
