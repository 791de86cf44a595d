import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { readState } from '../../stack/state';
import type { SynthesizedStack } from '../../stack/synthesized';
import { initialize } from '../../terraform/plan';
import type { TerraformRun } from '../../terraform/run';
import { addressOf, pushState } from '../../terraform/state-contents';
import type { Match } from './match';

const STATE = 'terraform.tfstate';

export interface Place {
  readonly run: TerraformRun;
  remove(): void;
}

/**
 * Where imports are planned. Terraform plans none at an address that its state has: with a network there that is gone, it
 * would say of each service on it that it is replaced. For those there is a folder beside, with a state without them; the
 * stack's own state is only read.
 */
export async function placeToPlan(
  stack: Pick<SynthesizedStack, 'folder' | 'localState'>,
  own: TerraformRun,
  matches: readonly Match[],
): Promise<Place> {
  const stale = new Set(matches.filter(({ isStale }) => isStale).map(({ address }) => address));
  if (stale.size === 0) return { run: own, remove: () => {} };
  // As deep as the stack's own: files of the project are read by their way from there.
  const folder = `${stack.folder}-recover`;
  const remove = () => rmSync(folder, { recursive: true, force: true });
  // One that was killed.
  remove();
  try {
    mkdirSync(folder, { mode: 0o700 });
    const json = JSON.parse(readFileSync(join(stack.folder, 'cdk.tf.json'), 'utf8'));
    json.terraform.backend = { local: { path: STATE } };
    writeFileSync(join(folder, 'cdk.tf.json'), JSON.stringify(json));
    const assets = join(stack.folder, 'assets');
    if (existsSync(assets)) symlinkSync(resolve(assets), join(folder, 'assets'));
    const lock = '.terraform.lock.hcl';
    if (existsSync(join(stack.folder, lock))) copyFileSync(join(stack.folder, lock), join(folder, lock));
    const run = { ...own, folder };
    await initialize(run);
    // It holds every secret, as the plan file does, and goes with the folder. Where OpenTofu encrypts, it does so here.
    await pushState(run, withoutObjects(await readState(stack, own), stale));
    return { run, remove };
  } catch (error) {
    remove();
    throw error;
  }
}

// biome-ignore lint/suspicious/noExplicitAny: a document that another program wrote
type Json = any;

/** A state in Terraform's words without what is at these addresses. */
export function withoutObjects(text: string, addresses: ReadonlySet<string>): string {
  const state: Json = JSON.parse(text);
  const resources = (state.resources as Json[]).map((resource) => ({
    ...resource,
    instances: resource.instances.filter(
      ({ index_key: key, deposed }: Json) =>
        resource.mode !== 'managed' || deposed || !addresses.has(addressOf(resource, key)),
    ),
  }));
  return JSON.stringify({ ...state, resources: resources.filter(({ instances }) => instances.length > 0) });
}
