import { applicationsOf, grantsOf, ownSecretsOf } from '../../constructs/catalogue/applications';
import { derivationOf } from '../../constructs/swarm';
import { derivedValue } from '../../contract/derived-secret';
import { platform } from '../../services.config';
import { NAMESPACE } from './target';

const OWN = new Map(
  applicationsOf(platform).flatMap((named) =>
    ownSecretsOf(grantsOf(named, platform)).map(({ id, own }) => [id, own] as const),
  ),
);

export interface OwnValue {
  /** The secret that it is made from. */
  readonly from: string;
  readonly source: string;
  readonly value: string;
}

/** A secret that is made from another one's value, as Terraform makes it; undefined for one with a value of its own. */
export function ownValue(id: string, secrets: Readonly<Record<string, string>>): OwnValue | undefined {
  const own = OWN.get(id);
  if (!own) return undefined;
  const source = secrets[own.from] ?? '';
  return { from: own.from, source, value: derivedValue(derivationOf(NAMESPACE, own.purpose), source) };
}

/** All that are made from these. */
export const ownValues = (secrets: Readonly<Record<string, string>>): string[] =>
  [...OWN.keys()].map((id) => ownValue(id, secrets)!.value);
