import type { KeptReport } from '../../contract/gate-report';
import { inWords } from '../terraform/message';
import { lastLines } from '../terraform/plan';
import { terraformCommand } from '../terraform/program';
import type { TerraformResult } from '../terraform/run';
import { decodeLines } from './gates';

/**
 * What went wrong in an apply, in words, without what is told already: a gate reports its failure itself, more fully
 * than Terraform does, and an interrupt fails everything that was under way.
 */
export function faults(
  result: TerraformResult,
  reports: readonly KeptReport[],
  interrupted: boolean,
): string[] {
  if (result.code === 0) return [];
  const told = reports.some(({ outcome }) => outcome !== 'converged');
  const errors = result.diagnostics.filter(({ severity }) => severity === 'error');
  const worth = errors.filter(({ address, summary, detail }) => {
    if (interrupted && /execution halted|signal: killed/.test(`${summary} ${detail}`)) return false;
    return !(told && /provisioner error/.test(summary) && address?.endsWith('_rollout'));
  });
  if (worth.length > 0) return worth.map((error) => decodeLines(inWords(error)));
  if (interrupted) return ['interrupted: what was under way has no verdict'];
  return told
    ? []
    : [
        `${terraformCommand()} apply ended with ${result.code}\n  ${lastLines(result).replaceAll('\n', '\n  ')}`,
      ];
}
