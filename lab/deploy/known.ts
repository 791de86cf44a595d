import { existsSync, readFileSync } from 'node:fs';
import { docker } from '../engine/docker';
import { LabError } from '../ground/error';
import type { LabPaths } from '../ground/paths';
import type { Print } from '../ground/progress';
import { stateFile } from './providers';
import { NAMESPACE } from './target';

// In the order in which they can be removed: an object that is in use stays.
const KINDS = ['service', 'config', 'secret', 'network'] as const;
type Kind = (typeof KINDS)[number];

interface State {
  /** Of OpenTofu; there are no resources to be seen then. */
  readonly encrypted_data?: string;
  readonly resources?: readonly {
    readonly type: string;
    readonly instances: readonly { readonly attributes?: { readonly id?: string } }[];
  }[];
}

/** How Swarm's objects and Terraform's state fit together. */
export interface Fit {
  /** Ids in the Swarm that Terraform does not know. */
  readonly unknown: Readonly<Record<Kind, readonly string[]>>;
  /** Services run, and Terraform knows neither of them nor of their network: `docker stack deploy` made them. */
  readonly madeByHand: boolean;
}

/** Compares the platform's objects in the Swarm with the lab's Terraform state. */
export async function fitOf(paths: LabPaths): Promise<Fit> {
  const text = readState(paths) ?? '';
  const file = stateFile(paths);
  // Terraform locks a local state by its file, and makes that for it: killed before it had anything to write, it leaves
  // it empty.
  const isEmpty = text.trim() === '';
  const known = isEmpty ? new Set<string>() : knownIds(text, file);
  const all = Object.fromEntries(
    await Promise.all(KINDS.map(async (kind) => [kind, await idsOf(paths, kind)] as const)),
  ) as Record<Kind, string[]>;
  // Killed while it wrote, it leaves an empty one, too, and what runs is known to nobody.
  if (isEmpty && existsSync(file) && all.service.length > 0) throw noState(file);
  const unknown = Object.fromEntries(
    KINDS.map((kind) => [kind, all[kind].filter((id) => !known.has(id))] as const),
  ) as Record<Kind, string[]>;
  const strange = (kind: Kind) => all[kind].length > 0 && unknown[kind].length === all[kind].length;
  return { unknown, madeByHand: strange('service') && strange('network') };
}

/**
 * Removes what a deploy that was killed had made in the Swarm and not yet written to the state: Terraform would stop
 * at the names. Volumes are never touched.
 */
export async function removeUnknown(paths: LabPaths, { unknown }: Fit, print: Print): Promise<void> {
  for (const kind of KINDS) {
    for (const id of unknown[kind]) {
      // A config that is in use belongs to a stack that was deployed in between; the deploy says what it thinks of it.
      const removed = await docker(paths, [kind, 'rm', id]).then(
        () => true,
        () => false,
      );
      if (removed) print(`removed ${kind} ${id.slice(0, 12)}, which an interrupted deploy left`);
    }
  }
}

async function idsOf(paths: LabPaths, kind: Kind): Promise<string[]> {
  const filter = ['--filter', `label=com.docker.stack.namespace=${NAMESPACE}`];
  const short = lines(await docker(paths, [kind, 'ls', '--quiet', ...filter]));
  if (short.length === 0) return [];
  const format = kind === 'network' ? '{{.Id}}' : '{{.ID}}';
  return lines(await docker(paths, [kind, 'inspect', '--format', format, ...short]));
}

/** @returns undefined where there is no file */
function readState(paths: LabPaths): string | undefined {
  try {
    return readFileSync(stateFile(paths), 'utf8');
  } catch {
    return undefined;
  }
}

function knownIds(text: string, file: string): Set<string> {
  const { resources = [], encrypted_data: encrypted } = stateIn(text, file);
  if (encrypted !== undefined) {
    throw new LabError(
      `${file} is encrypted, and the lab compares it with what runs`,
      'remove the lab with `./proctor lab down` and start again, with TF_ENCRYPTION unset',
    );
  }
  return new Set(
    resources
      .filter(({ type }) => type.startsWith('docker_'))
      .flatMap(({ instances }) => instances.map(({ attributes }) => attributes?.id ?? '')),
  );
}

function stateIn(text: string, file: string): State {
  try {
    return JSON.parse(text) as State;
  } catch {
    throw noState(file);
  }
}

const noState = (file: string) =>
  new LabError(
    `${file} is not a Terraform state`,
    'remove the lab with `./proctor lab down` and start again',
  );

const lines = (text: string): string[] => text.split('\n').filter((line) => line !== '');
