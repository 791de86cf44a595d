import type { PlanDocument } from './document';
import { terraformName } from './program';
import { jsonIn, type TerraformRun, terraform } from './run';

/** `Terraform 1.11.4`; undefined where it does not say. */
export async function terraformVersion(run: TerraformRun): Promise<string | undefined> {
  const { output } = await terraform(['version', '-json'], run);
  try {
    return versionIn(JSON.parse(jsonIn(output)));
  } catch {
    return undefined;
  }
}

/** The same as a document has it that Terraform wrote. */
export const versionIn = (document: Pick<PlanDocument, 'terraform_version'>): string | undefined =>
  document.terraform_version === undefined ? undefined : `${terraformName()} ${document.terraform_version}`;
