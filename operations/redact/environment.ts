import type { DerivedSecret } from '../../contract/derived-secret';
import type { Shell } from '../../contract/shell';
import { derivedValues, toldDerived } from './derived';
import { encryptionSecrets } from './encryption';
import { isOrdinaryLogin } from './ordinary';
import { Redactor } from './redactor';

/** A shorter value may be a word of any text, and its placeholder would then tell what it is. */
const SHORTEST = 12;
/** By the last words of a variable's name: addresses, and a registry's user, who is part of every image's name. */
const NO_SECRET = /(^|_)(host|hosts|hostname|port|domain)$|registry_user(name)?$/;

/**
 * Knows the values of the TF_VAR_* that may be secrets. Of what a program prints nobody knows which of them it read, and
 * which variables are declared secret the gate is not told: one too many is a placeholder with a name, one too few a leak.
 */
export const redactorOfEnvironment = (...environments: readonly Shell[]): Redactor =>
  redactorWith(environments.flatMap(toldDerived), ...environments);

/** @param derived what is made from a value in any of the environments */
export const redactorWith = (
  derived: readonly DerivedSecret[],
  ...environments: readonly Shell[]
): Redactor =>
  new Redactor(
    ...environments.flatMap((one) => [
      secretsOf(one),
      derivedValues(derived, one),
      ...encryptionSecrets(one),
    ]),
  );

/** Long enough to be told from any other text, and not what everybody may know by its name. */
export const mayBeSecret = (name: string, value = ''): boolean =>
  value.length >= SHORTEST && !NO_SECRET.test(name.toLowerCase()) && !isOrdinaryLogin(name, value);

const secretsOf = (environment: Shell) =>
  Object.fromEntries(
    Object.entries(environment).filter(
      ([name, value]) => name.startsWith('TF_VAR_') && mayBeSecret(name, value),
    ),
  );
