import { secretLook, splitArgument } from '../units/secret-looking';
import { serviceRule } from './rule';

/**
 * Settings are plain text in the synthesized JSON, the plan, the state and `docker service inspect`.
 * @refuses settings and arguments whose name or value looks like a secret, and URLs with a password
 * @fix declare a secret and take it from there
 */
export const noSecretInSettings = serviceRule('no-secret-in-settings', function* ({ props }) {
  for (const [name, value] of [
    ...(props.args ?? []).map(splitArgument),
    ...Object.entries(props.environment ?? {}),
  ]) {
    const called = name === undefined ? 'an argument' : `the setting ${name}`;
    const look = secretLook(name, value);
    if (look === 'secret') {
      yield {
        problem: `${called} looks like a secret`,
        fix: `declare a secret in the catalogue and write secrets: { ${name ?? 'NAME'}: '<its name>' }`,
      };
    } else if (look === 'url') {
      yield {
        problem: `${called} has a password in its URL`,
        fix: 'take it from a secret: backends: { mariadb: … } composes DATABASE_URL inside the container',
      };
    }
  }
});
