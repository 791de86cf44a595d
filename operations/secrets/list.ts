import type { DeclaredSecret } from '../../contract/declared-secret';
import type { Shell } from '../../contract/shell';
import { givenValue, versionOf, versionOfDeclared } from '../inputs/declared';
import { type ServiceWithSecrets, versionsInForce } from './judge-rotation';

/** A secret of the Swarm, as far as it is listed; its value cannot be asked for. */
export interface SecretObject {
  readonly CreatedAt?: string;
  readonly Spec?: { readonly Name?: string };
}

/** What of the stack is asked about. */
export interface DescribedStack {
  readonly id: string;
  readonly namespace: string;
  readonly secrets: readonly DeclaredSecret[];
  /** By variable. */
  readonly commands: Readonly<Record<string, readonly string[]>>;
  readonly services: readonly { readonly id: string; readonly replicas: number }[];
  /** Where it runs. @throws when the shell does not say */
  target(shell: Shell): { readonly host: string; readonly sshOptions?: readonly string[] };
}

export interface ListFacts {
  readonly stack: Omit<DescribedStack, 'target'>;
  /** The platform's secrets and services in the Swarm. */
  readonly objects: readonly SecretObject[];
  readonly services: readonly ServiceWithSecrets[];
  /** With what `.env` adds. */
  readonly shell: Shell;
  readonly fromFile: Shell;
}

/** One secret. No field holds a value. */
export interface SecretRow {
  readonly name: string;
  readonly optional: boolean;
  /** In force: mounted by a service. More than one in the middle of a rotation. */
  readonly versions: readonly string[];
  /** When the newest of them was made, ISO 8601; null where none is in force. */
  readonly since: string | null;
  /** In the Swarm, and no service mounts them. */
  readonly unused: readonly string[];
  /** That mount it now. */
  readonly usedBy: readonly string[];
  /** Tasks that rotating it replaces, by service. */
  readonly replaces: Readonly<Record<string, number>>;
  /** The service that accepts old and new meanwhile, without a restart. */
  readonly provisionedIn: string | null;
  readonly signsTokens: boolean;
  readonly source: 'shell' | 'file' | 'command' | 'none';
  /** What a deploy from here would do: nothing, make it, rotate it to this version, or take it away; unknown for a command. */
  readonly next: {
    readonly does: 'nothing' | 'unknown' | 'missing' | 'makes' | 'rotates' | 'removes';
    readonly version?: string;
  };
}

/** The catalogue's secrets, as the Swarm has them. */
export function listSecrets(facts: ListFacts): SecretRow[] {
  return facts.stack.secrets.map((secret) => row(secret, facts));
}

function row(secret: DeclaredSecret, facts: ListFacts): SecretRow {
  const { namespace, services, commands } = facts.stack;
  const inForce = versionsInForce(secret, { namespace, services: facts.services });
  const made = new Map(
    facts.objects.flatMap(({ Spec, CreatedAt = '' }) => {
      const version = versionOfDeclared(Spec?.Name ?? '', namespace, secret);
      return version === undefined ? [] : [[version, CreatedAt] as const];
    }),
  );
  const versions = [...inForce.keys()];
  const times = versions.map((version) => made.get(version) ?? '').sort();
  const replicas = new Map(services.map(({ id, replicas: count }) => [id, count]));
  const hasCommand = secret.name in commands;
  return {
    name: secret.name,
    optional: secret.optional,
    versions,
    since: times.at(-1) || null,
    unused: [...made.keys()].filter((version) => !inForce.has(version)),
    usedBy: [...new Set([...inForce.values()].flat())],
    replaces: Object.fromEntries(secret.services.map((id) => [id, replicas.get(id) ?? 1])),
    provisionedIn: secret.provisionedIn ?? null,
    signsTokens: secret.signsTokens !== undefined,
    source: sourceOf(secret.name, facts, hasCommand),
    next: nextOf(secret, versions, givenValue(secret.name, facts.shell), hasCommand),
  };
}

function sourceOf(name: string, { shell, fromFile }: ListFacts, hasCommand: boolean): SecretRow['source'] {
  if (givenValue(name, fromFile) !== '') return 'file';
  if (givenValue(name, shell) !== '') return 'shell';
  return hasCommand ? 'command' : 'none';
}

function nextOf(
  secret: DeclaredSecret,
  versions: readonly string[],
  value: string,
  hasCommand: boolean,
): SecretRow['next'] {
  if (value === '' && hasCommand) return { does: 'unknown' };
  if (value === '') {
    if (!secret.optional) return { does: 'missing' };
    return { does: versions.length > 0 ? 'removes' : 'nothing' };
  }
  const version = versionOf(secret, value);
  if (versions.length === 1 && versions[0] === version) return { does: 'nothing' };
  return { does: versions.length > 0 ? 'rotates' : 'makes', version };
}
