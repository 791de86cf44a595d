import type { Shell } from '../../../contract/shell';
import { type Finding, failure, warning } from '../../terminal/finding';
import { terraformCommand, terraformName } from '../../terraform/program';

/** Who encrypts the state before it leaves this machine: OpenTofu, as a variable or the stack's own block says. */
export type Encryption = 'TF_ENCRYPTION' | 'the block "encryption"';

/**
 * @param stack a synthesized stack's JSON
 * @returns undefined where nobody does
 */
// biome-ignore lint/suspicious/noExplicitAny: a document that another program wrote
export function encryptionOf(stack: any, shell: Shell): Encryption | undefined {
  if (shell.TF_ENCRYPTION) return 'TF_ENCRYPTION';
  return stack.terraform?.encryption ? 'the block "encryption"' : undefined;
}

export const IGNORED_FIX = 'export TERRAFORM_BINARY_NAME=tofu, or unset TF_ENCRYPTION';

export const ignored = (check: string, who: string): Finding =>
  warning(check, `TF_ENCRYPTION is set, and ${who} ignores it: state and plan are in clear`, IGNORED_FIX);

/** Terraform takes no notice of the variable: what is believed to be encrypted is not. By the program's name alone. */
export const judgeEncryption = (shell: Shell): Finding[] =>
  shell.TF_ENCRYPTION && /^terraform/.test(terraformCommand(shell))
    ? [
        failure(
          'secrets',
          `TF_ENCRYPTION is set, and ${terraformName(shell)} ignores it: state and plan would be in clear`,
          IGNORED_FIX,
        ),
      ]
    : [];
