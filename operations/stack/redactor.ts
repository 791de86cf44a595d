import type { Shell } from '../../contract/shell';
import { encryptionSecrets } from '../redact/encryption';
import { isOrdinaryLogin } from '../redact/ordinary';
import { Redactor } from '../redact/redactor';
import type { SynthesizedStack } from './synthesized';

export { LeakError, Redactor } from '../redact/redactor';

/** Knows the values of the stack's secret variables but for ordinary logins, and what the state is encrypted with. */
export const redactorOf = (
  { secretVariables }: Pick<SynthesizedStack, 'secretVariables'>,
  shell: Shell,
): Redactor =>
  new Redactor(
    Object.fromEntries(
      secretVariables
        .map((name) => [`TF_VAR_${name}`, shell[`TF_VAR_${name}`] ?? ''] as const)
        .filter(([name, value]) => !isOrdinaryLogin(name, value)),
    ),
    ...encryptionSecrets(shell),
  );
