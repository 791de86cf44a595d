import type { Shell } from '../../contract/shell';
import { derivedValues } from '../redact/derived';
import { encryptionSecrets } from '../redact/encryption';
import { isOrdinaryLogin } from '../redact/ordinary';
import { Redactor } from '../redact/redactor';
import type { SynthesizedStack } from './synthesized';

export { LeakError, Redactor } from '../redact/redactor';

/**
 * Knows the values of the stack's secret variables but for ordinary logins, what is made from them, and what the state is
 * encrypted with.
 */
export const redactorOf = (
  { secretVariables, derived = [] }: Pick<SynthesizedStack, 'secretVariables' | 'derived'>,
  shell: Shell,
): Redactor =>
  new Redactor(
    Object.fromEntries(
      secretVariables
        .map((name) => [`TF_VAR_${name}`, shell[`TF_VAR_${name}`] ?? ''] as const)
        .filter(([name, value]) => !isOrdinaryLogin(name, value)),
    ),
    derivedValues(derived, shell),
    ...encryptionSecrets(shell),
  );
