import { addEnvFile } from '../../operations/inputs/sources';
import { backendInWords, backendOf } from '../../operations/stack/backend';
import { examine } from '../../operations/state/doctor';
import { encryptionOf } from '../../operations/state/encryption/setting';
import { Console } from '../../operations/terminal/console';
import { buildPlatform } from '../catalogue/platform';
import { environmentOf } from '../read/environment';
import type { Run } from '../table/verb';
import type { stateDoctor } from '../verbs/state';

/** Proves the backend that the catalogue chooses. */
export const run: Run<typeof stateDoctor> = async ({ values, shell, projectFolder }) => {
  const environment = environmentOf(values.environment, shell);
  const console = new Console(false, shell);
  try {
    const platform = buildPlatform(environment, shell);
    const stack = platform.toTerraform();
    const backend = backendOf(stack);
    console.part(`state of ${platform.node.id}: ${backendInWords(backend)}`);
    const local = addEnvFile(shell, projectFolder, environment);
    const { disposable, host, hostStackId } = platform.environment;
    const besides = host ? [hostStackId] : [];
    const encryption = encryptionOf(stack, local.shell);
    const examined = { backend, disposable, besides, encryption, projectFolder };
    const findings = await examine(examined, local.shell);
    for (const finding of findings) console.finding(finding);
    console.endPart();
    return findings.some(({ level }) => level === 'failure') ? 1 : 0;
  } catch (error) {
    console.fault((error as Error).message);
    return 1;
  }
};
