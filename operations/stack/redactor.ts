import type { Shell } from '../../contract/shell';
import { Redactor } from '../redact/redactor';
import type { SynthesizedStack } from './synthesized';

export { LeakError, Redactor } from '../redact/redactor';

/** Knows the values of the stack's secret variables. */
export const redactorOf = (
  { secretVariables }: Pick<SynthesizedStack, 'secretVariables'>,
  shell: Shell,
): Redactor =>
  new Redactor(
    Object.fromEntries(secretVariables.map((name) => [`TF_VAR_${name}`, shell[`TF_VAR_${name}`]])),
  );
