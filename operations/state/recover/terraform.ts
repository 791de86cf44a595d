import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PlanDocument } from '../../terraform/document';
import { fewerAtOnce, plan, TerraformError } from '../../terraform/plan';
import { type TerraformRun, terraform } from '../../terraform/run';
import { PLAN_FILE } from '../../terraform/running';
import type { Match } from './match';

/** What a plan would do, by address. */
export interface ImportPlan {
  readonly imported: readonly string[];
  readonly created: readonly string[];
  readonly changed: readonly string[];
  /** Services and networks that are destroyed, or destroyed and recreated: an outage. */
  readonly destroyed: readonly string[];
  /** Gates that run again, and older versions of secrets and configs, which go after them: any deploy has some. */
  readonly renewed: readonly string[];
}

const PRECIOUS = /^docker_(service|network)\./;

const BLOCKS = 'import.tf.json';

/** `import` blocks beside the synthesized stack; none removes them. The next synth removes them, too. */
export function writeImportBlocks(folder: string, matches: readonly Match[]): void {
  const file = join(folder, BLOCKS);
  const blocks = matches.map(({ address, id }) => ({ to: address, id }));
  if (blocks.length > 0) writeFileSync(file, `${JSON.stringify({ import: blocks }, null, 2)}\n`);
  else rmSync(file, { force: true });
}

/** Plans and keeps no plan file, which would hold every secret. @throws TerraformError */
export async function planImports(run: TerraformRun): Promise<ImportPlan> {
  let changes: { address: string; action: string; isImported: boolean }[] = [];
  const result = await fewerAtOnce((...options) => {
    changes = [];
    return terraform(['plan', '-json', '-lock-timeout=60s', ...options], {
      ...run,
      onMessage: ({ type, change }) => {
        if (type !== 'planned_change' || !change) return;
        const { addr: address } = change.resource;
        changes.push({ address, action: change.action, isImported: change.importing !== undefined });
      },
    });
  });
  if (result.code !== 0) throw new TerraformError('the plan failed, nothing was changed', result);
  const of = (...actions: string[]) =>
    changes.filter(({ action }) => actions.includes(action)).map(({ address }) => address);
  const gone = of('delete', 'replace');
  return {
    imported: changes.filter(({ isImported }) => isImported).map(({ address }) => address),
    created: of('create'),
    changed: of('update'),
    destroyed: gone.filter((address) => PRECIOUS.test(address)),
    renewed: gone.filter((address) => !PRECIOUS.test(address)),
  };
}

/** The same plan with all that it holds, to say why something is destroyed. @throws TerraformError */
export async function readImportPlan(run: TerraformRun): Promise<PlanDocument> {
  try {
    return (await plan(run, () => {}, { lock: false })) ?? {};
  } finally {
    // It holds every secret.
    rmSync(join(run.folder, PLAN_FILE), { force: true });
  }
}

/** Writes one object into the state; the server is only read. @throws TerraformError */
export async function importObject({ address, id, isStale }: Match, run: TerraformRun): Promise<void> {
  const steps = [
    ...(isStale ? [['state', 'rm', '-lock-timeout=60s', address]] : []),
    ['import', '-input=false', '-no-color', '-lock-timeout=60s', address, id],
  ];
  for (const step of steps) {
    const result = await terraform(step, run);
    if (result.code !== 0) throw new TerraformError(`${address} is not imported`, result);
  }
}
