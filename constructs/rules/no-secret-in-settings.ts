import { secretLook, secretsInCommand } from '../units/secret-looking';
import { serviceRule } from './rule';

/**
 * Settings and commands are plain text in the synthesized JSON, the plan, the state and `docker service inspect`.
 * @refuses settings and arguments whose name or value looks like a secret, and URLs with a password; in a command, a migration and a health check, too
 * @fix declare a secret and take it from there
 */
export const noSecretInSettings = serviceRule('no-secret-in-settings', function* ({ props, node }, context) {
  const { command = [], args = [], environment = {}, healthcheck, port } = props;
  const settings = Object.entries(environment).flatMap(([name, value]) => {
    const look = secretLook(name, value);
    return look ? [{ name, look }] : [];
  });
  for (const { name, look } of [...secretsInCommand([...command, ...args]), ...settings]) {
    yield {
      problem: `${called(name)} ${LOOKS[look]}`,
      fix:
        look === 'url'
          ? 'take it from a secret: backends: { mariadb: … } composes DATABASE_URL inside the container'
          : `declare a secret in the catalogue and write secrets: { ${name ?? 'NAME'}: '<its name>' }`,
    };
  }
  const migrations = context.migrations.filter(({ service }) => service === node.id);
  for (const { name, look } of migrations.flatMap((one) => secretsInCommand(one.command))) {
    yield {
      problem: `${called(name)} of its migration ${LOOKS[look]}`,
      fix: 'declare a secret in the catalogue, which the migration has as its service does: in its environment and in /run/secrets',
    };
  }
  for (const { name, look } of secretsInCommand(healthcheck?.test(port) ?? [])) {
    yield {
      problem: `${called(name)} of its health check ${LOOKS[look]}`,
      fix: 'declare a secret in the catalogue, and let the check read it: "$(cat /run/secrets/<its name>)"',
    };
  }
});

const called = (name: string | undefined): string =>
  name === undefined ? 'an argument' : `the setting ${name}`;

const LOOKS = {
  name: 'looks like a secret',
  value: 'looks like a secret',
  url: 'has a password in its URL',
} as const;
