import type { DeclaredSecret } from '../../contract/declared-secret';
import type { Shell } from '../../contract/shell';
import { givenValue, keysIn, variableOf, versionOf, versionOfDeclared } from '../inputs/declared';
import { type Finding, failure, ok, warning } from '../terminal/finding';

/** As far as a service of the Swarm tells which secrets it has. */
export interface ServiceWithSecrets {
  readonly Spec: {
    readonly Name?: string;
    readonly TaskTemplate?: {
      readonly ContainerSpec?: { readonly Secrets?: readonly { readonly SecretName?: string }[] | null };
    };
  };
}

export interface RotationFacts {
  readonly secrets: readonly DeclaredSecret[];
  readonly namespace: string;
  readonly shell: Shell;
  readonly services: readonly ServiceWithSecrets[];
  /** Optional secrets that are to go. */
  readonly without: readonly string[];
  /** Of those that `mayLock` names: whose given value opens what is locked. @default none */
  readonly opened?: ReadonlySet<string>;
}

/** What the given values change in the Swarm, and what that does to people. No value is shown. */
export function judgeRotation(facts: RotationFacts): Finding[] {
  return facts.secrets.flatMap((secret) => {
    const inForce = versionsInForce(secret, facts);
    if (inForce.size === 0) return [];
    const value = givenValue(secret.name, facts.shell);
    if (value === '') return secret.optional ? gone(secret, inForce, facts.without) : [];
    const version = versionOf(secret, value);
    if (inForce.size === 1 && inForce.has(version)) return [];
    if (secret.opens && !inForce.has(version) && !facts.opened?.has(secret.name)) return [locks(secret)];
    if (secret.provisionedIn && inForce.size > 1 && !inForce.has(version)) return [third(secret)];
    return [rotates(secret, inForce, version), ...tokens(secret, inForce, facts)];
  });
}

/** Secrets that are to get a value with which what they open might not. */
export const mayLock = (facts: Omit<RotationFacts, 'without'>): DeclaredSecret[] =>
  facts.secrets.filter((secret) => {
    const value = givenValue(secret.name, facts.shell);
    if (!secret.opens || value === '') return false;
    const inForce = versionsInForce(secret, facts);
    return inForce.size > 0 && !inForce.has(versionOf(secret, value));
  });

/** The versions that services of the platform mount now, each with those services. */
export function versionsInForce(
  secret: Pick<DeclaredSecret, 'name' | 'derived'>,
  { namespace, services }: Pick<RotationFacts, 'namespace' | 'services'>,
): Map<string, string[]> {
  const versions = new Map<string, string[]>();
  for (const { Spec } of services) {
    for (const { SecretName = '' } of Spec.TaskTemplate?.ContainerSpec?.Secrets ?? []) {
      const version = versionOfDeclared(SecretName, namespace, secret);
      if (version === undefined) continue;
      const service = (Spec.Name ?? '').slice(namespace.length + 1);
      versions.set(version, [...(versions.get(version) ?? []), service]);
    }
  }
  return versions;
}

const locks = ({ name, opens }: DeclaredSecret): Finding =>
  failure(
    'secrets',
    `${opens} were not seen to open with the new value of ${name}: with it none could be made, and none read`,
    `give ${variableOf(name)} the older value; for a new one, let it in first (docs/secrets.md); where the backups cannot be asked, and you know that it opens them: --skip-preflight`,
  );

/** The provisioning step would refuse it, too, after the deploy has begun. */
const third = ({ name, provisionedIn }: DeclaredSecret): Finding =>
  failure(
    'secrets',
    `an earlier rotation of ${name} did not finish, and ${provisionedIn} accepts no third value`,
    'deploy once more with one of the two that services have now, then rotate to this one',
  );

type InForce = ReadonlyMap<string, readonly string[]>;

function gone({ name }: DeclaredSecret, inForce: InForce, without: readonly string[]): Finding[] {
  const users = [...new Set([...inForce.values()].flat())].join(', ');
  return without.includes(name)
    ? [ok('secrets', `${name} goes, as --without says; ${users} will start without it`)]
    : [
        failure(
          'secrets',
          `${variableOf(name)} is empty, but ${users} has ${name} now and would start without it`,
          `give its value (CI passes a secret that is not set as an empty one), or add --without ${name}`,
        ),
      ];
}

function rotates(
  { name, services, provisionedIn }: DeclaredSecret,
  inForce: InForce,
  version: string,
): Finding {
  const from = [...inForce.keys()].join(' and ');
  const roll = `${services.join(', ') || 'no service'} ${services.length === 1 ? 'rolls' : 'roll'}`;
  const beside = provisionedIn
    ? `; ${provisionedIn} accepts the older one, too, until they have, and does not restart`
    : '';
  return ok('secrets', `${name} rotates, ${from} → ${version}: ${roll}${beside}`);
}

/** What clients keep, and whether it stays good. */
function tokens(
  { name, signsTokens, hashPrefix, services }: DeclaredSecret,
  inForce: InForce,
  facts: RotationFacts,
): Finding[] {
  if (!signsTokens) return [];
  const { acceptedKeys } = signsTokens;
  const roll = services.join(', ');
  if (acceptedKeys === undefined) {
    const text = `${name} signs tokens: while ${roll} rolls, tokens made by the other half are refused; after it, all old ones`;
    return [warning('secrets', text, 'choose a quiet hour; people log in again')];
  }
  const findings: Finding[] = [];
  const listed = keysIn(givenValue(acceptedKeys, facts.shell));
  if (!listed.some((key) => inForce.has(versionOf({ hashPrefix }, key)))) {
    const text = `${name} signs tokens: after this deploy all old ones are refused`;
    findings.push(
      warning(
        'secrets',
        text,
        `put the older key into ${variableOf(acceptedKeys)}, and people stay logged in`,
      ),
    );
  }
  const next = givenValue(name, facts.shell);
  const announced = facts.secrets.find((secret) => secret.name === acceptedKeys);
  const running = announced ? versionsInForce(announced, facts) : new Map();
  if (!announced || !running.has(versionOf(announced, next))) {
    const text = `${name} signs tokens: while ${roll} rolls, its older tasks refuse those that new tasks make`;
    const fix = `to refuse none, deploy first with the new key in ${variableOf(acceptedKeys)} alone, then swap the two`;
    findings.push(warning('secrets', text, fix));
  }
  return findings;
}
