import { DERIVED_SECRETS, type DerivedSecret, derivedValue } from '../../contract/derived-secret';
import type { Shell } from '../../contract/shell';

/** The values of those whose source is here, by their names. */
export const derivedValues = (derived: readonly DerivedSecret[], environment: Shell): Shell =>
  Object.fromEntries(
    derived.flatMap(({ name, from, derivation }) => {
      const source = environment[`TF_VAR_${from}`];
      return source ? [[name, derivedValue(derivation, source)]] : [];
    }),
  );

/** Those that a deploy has told; none where nobody has. */
export function toldDerived({ [DERIVED_SECRETS]: json }: Shell): readonly DerivedSecret[] {
  try {
    const told: unknown = JSON.parse(json || '[]');
    return Array.isArray(told) ? told : [];
  } catch {
    return [];
  }
}
