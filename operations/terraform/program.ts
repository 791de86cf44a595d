import { basename } from 'node:path';
import type { Shell } from '../../contract/shell';

/** The program that plans and applies; cdktf knows the variable, too. */
export const terraformProgram = (shell: Shell = process.env): string =>
  shell.TERRAFORM_BINARY_NAME || 'terraform';

/** As people would type it. */
export const terraformCommand = (shell: Shell = process.env): string => basename(terraformProgram(shell));

/** The product's own name. */
export const terraformName = (shell: Shell = process.env): 'OpenTofu' | 'Terraform' =>
  /tofu/i.test(terraformCommand(shell)) ? 'OpenTofu' : 'Terraform';
