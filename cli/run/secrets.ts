import { describeSecrets } from '../../constructs/catalogue/secrets';
import type { DescribedStack } from '../../operations/secrets/list';
import { runSecrets } from '../../operations/secrets/main';
import type { SecretsOptions } from '../../operations/secrets/options';
import { columnsOf } from '../../operations/terminal/terminal';
import { UsageError } from '../../operations/terminal/usage-error';
import { buildPlatform, findTarget } from '../catalogue/platform';
import { environmentOf } from '../read/environment';
import type { Call, Run } from '../table/verb';
import type { secrets } from '../verbs/secrets';

export const run: Run<typeof secrets> = (call) =>
  runSecrets({
    options: read(call),
    env: process.env,
    projectFolder: call.projectFolder,
    describe: (environment): DescribedStack => {
      const platform = buildPlatform(environment, { SECRET_SALTS: call.shell.SECRET_SALTS });
      return {
        ...describeSecrets(platform.spec, platform.secrets, platform.services),
        id: platform.node.id,
        namespace: platform.namespace,
        services: platform.services.map(({ node, props }) => ({ id: node.id, replicas: props.replicas })),
        target: (shell) => findTarget(shell, platform.environment.address, call.values.environment),
      };
    },
    columns: columnsOf(process.stdout),
    print: (text) => process.stdout.write(text),
    printError: (text) => process.stderr.write(text),
  });

/** @throws {UsageError} */
export function read({ values, shell }: Call<typeof secrets>): SecretsOptions {
  const { generate, json, print, replace } = values;
  const environment = environmentOf(values.environment, shell);
  if (generate === undefined && (print || replace)) {
    throw new UsageError('--print and --replace are about a new value\nwrite --generate <secret>, too');
  }
  if (generate !== undefined && json) {
    throw new UsageError('--json is about the list, not about a new value\nleave out --json or --generate');
  }
  if (print && replace) {
    throw new UsageError('--print writes no file, and --replace is about the file\nleave out one of the two');
  }
  return { environment, json, print, replace, ...(generate === undefined ? {} : { generate }) };
}
