import { terraformCommand, terraformName } from './program';
import { jsonIn, type TerraformRun, terraform } from './run';

/** `Terraform 1.11.4`. @throws with its own words */
export async function terraformVersion(run: TerraformRun): Promise<string> {
  const { code, output, stderr } = await terraform(['version', '-json'], run);
  if (code !== 0) throw new Error(`${terraformCommand()} version failed: ${stderr.trim()}`);
  return `${terraformName()} ${JSON.parse(jsonIn(output)).terraform_version}`;
}
