import { describeSecrets } from '../constructs/catalogue/secrets';
import type { DescribedStack } from '../operations/secrets/list';
import { runSecrets } from '../operations/secrets/main';
import { buildPlatform, findTarget } from './platform';

/** `./proctor secrets`: the catalogue's secrets beside those of the running Swarm, and new values. */
runSecrets({
  arguments: process.argv.slice(2),
  env: process.env,
  projectFolder: process.cwd(),
  describe: (environment): DescribedStack => {
    const platform = buildPlatform(environment, { SECRET_SALTS: process.env.SECRET_SALTS });
    return {
      ...describeSecrets(platform.spec, platform.secrets, platform.services),
      id: platform.node.id,
      namespace: platform.namespace,
      services: platform.services.map(({ node, props }) => ({ id: node.id, replicas: props.replicas })),
      target: (shell) => findTarget(shell, platform.environment.address),
    };
  },
  print: (text) => process.stdout.write(text),
  printError: (text) => process.stderr.write(text),
}).then((status) => {
  process.exitCode = status;
});
