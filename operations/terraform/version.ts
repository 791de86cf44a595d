import { terraformName } from './program';
import { jsonIn, type TerraformRun, terraform } from './run';

/** `Terraform 1.11.4`; undefined where it does not say. */
export async function terraformVersion(run: TerraformRun): Promise<string | undefined> {
  const { output } = await terraform(['version', '-json'], run);
  try {
    return `${terraformName()} ${JSON.parse(jsonIn(output)).terraform_version}`;
  } catch {
    return undefined;
  }
}
