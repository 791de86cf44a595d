import { type Action, actionOf, type ResourceChange } from '../../terraform/document';
import { terraformName } from '../../terraform/program';
import type { ObjectChange } from './model';

const KINDS: Readonly<Record<string, ObjectChange['kind']>> = {
  docker_network: 'network',
  docker_volume: 'volume',
  docker_secret: 'secret',
  docker_config: 'config',
  tls_self_signed_cert: 'certificate',
  tls_private_key: 'key',
};
/** Gates and steps; told as a number. */
const STEP = 'null_resource';

/**
 * Networks, volumes, secrets, configs and certificates. Versions of one secret or config are one line: what is new, what
 * goes. A service's line is its own.
 *
 * @param gone addresses that the refresh did not find any more
 */
export function objectChanges(
  changes: readonly ResourceChange[],
  gone: ReadonlySet<string | undefined>,
): ObjectChange[] {
  const groups = new Map<string, ResourceChange[]>();
  for (const change of changes) {
    if (change.type === 'docker_service' || change.type === STEP) continue;
    const key = `${change.type}.${change.name}`;
    groups.set(key, [...(groups.get(key) ?? []), change]);
  }
  return [...groups.values()].map((group) => objectChange(group, gone));
}

function objectChange(group: readonly ResourceChange[], gone: ReadonlySet<string | undefined>): ObjectChange {
  const [{ type, name }] = group as [ResourceChange];
  const kind = KINDS[type] ?? 'other';
  const current = group.filter(({ deposed }) => !deposed);
  const leftOver = group.length - current.length;
  const action = current.length === 0 ? 'destroy' : together(current);
  const lost = current.some((one) => gone.has(one.address) && actionOf(one) === 'create');
  const parts = [
    ...(current.length > 0 ? [wordsFor(kind, action)] : []),
    ...(lost
      ? ['it is gone from the server, or could not be read: then the apply says "already exists"']
      : []),
    ...(leftOver > 0 ? [`${leftOver} older, left by a failed deploy, destroyed after all gates`] : []),
  ];
  return {
    kind,
    name: kind === 'other' ? `${type}.${name}` : name,
    action,
    what: parts.join('; '),
    risk: ['network', 'volume'].includes(kind) && ['replace', 'destroy'].includes(action),
  };
}

/** One version comes and another goes: for a secret or config that is a replacement, whatever Terraform calls it. */
function together(group: readonly ResourceChange[]): Action {
  const actions = new Set(group.map((one) => actionOf(one) ?? 'update'));
  if (actions.size === 1) return [...actions][0]!;
  return actions.has('create') && actions.has('destroy') ? 'replace' : [...actions][0]!;
}

const PLAIN: Readonly<Record<Action, string>> = {
  create: 'made',
  update: 'updated',
  replace: 'replaced',
  destroy: 'removed',
  import: 'taken over as it is',
  forget: 'stays, Terraform forgets it',
};
const AFTER_ALL_GATES = 'the old one is destroyed after all gates';
/** Terraform stands for the program that runs. */
const WORDS: Partial<Readonly<Record<ObjectChange['kind'], Partial<Readonly<Record<Action, string>>>>>> = {
  secret: { create: 'new', replace: `rotated, ${AFTER_ALL_GATES}`, destroy: 'removed after all gates' },
  config: { create: 'new', replace: `new version, ${AFTER_ALL_GATES}`, destroy: 'removed after all gates' },
  certificate: { create: 'made by Terraform', replace: 'renewed by Terraform' },
  key: { create: 'made by Terraform', replace: 'recreated by Terraform' },
  network: { replace: 'REPLACED: everything on it loses it', destroy: 'REMOVED' },
  volume: {
    create: 'made, empty',
    replace: 'REPLACED: its data is LOST',
    destroy: 'DELETED: its data is LOST',
  },
};

const wordsFor = (kind: ObjectChange['kind'], action: Action): string =>
  (WORDS[kind]?.[action] ?? PLAIN[action]).replace('Terraform', terraformName());
