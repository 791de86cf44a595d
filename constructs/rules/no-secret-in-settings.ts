import { serviceRule } from './rule';

const SECRET_NAME = /PASSW(OR)?D|SECRET|TOKEN|API_?KEY|PRIVATE_?KEY|CREDENTIAL/i;
/** Private keys, and what GitHub, AWS and issuers of JSON Web Tokens hand out. */
const SECRET_VALUE =
  /-----BEGIN [A-Z ]*PRIVATE KEY-----|\bgh[pousr]_\w{36}|\bAKIA[0-9A-Z]{16}\b|\beyJ[\w-]+\.eyJ[\w-]+\./;
const CREDENTIALS_IN_URL = /[a-z][a-z0-9+.-]*:\/\/[^/\s:@]*:[^/\s@{}]+@/i;
/** TOKEN_EXPIRE_MINUTES=30, PASSWORD_LOGIN=true: nobody's secret. Nor is the hash that no password matches. */
const HARMLESS = /^(\d{0,5}|true|false|yes|no|invalid)$/i;

/** Settings are plain text in the synthesized JSON, the plan, the state and `docker service inspect`. */
export const noSecretInSettings = serviceRule('no-secret-in-settings', function* ({ props }) {
  for (const [name, value] of [
    ...(props.args ?? []).map(split),
    ...Object.entries(props.environment ?? {}),
  ]) {
    const called = name === undefined ? 'an argument' : `the setting ${name}`;
    const secretName = name !== undefined && SECRET_NAME.test(name) && !HARMLESS.test(value);
    if (secretName || SECRET_VALUE.test(value)) {
      yield {
        problem: `${called} looks like a secret`,
        fix: `declare a secret in the catalogue and write secrets: { ${name ?? 'NAME'}: '<its name>' }`,
      };
    } else if (CREDENTIALS_IN_URL.test(value)) {
      yield {
        problem: `${called} has a password in its URL`,
        fix: 'take it from a secret: backends: { mariadb: … } composes DATABASE_URL inside the container',
      };
    }
  }
});

/** `NAME=value`; anything else, options too, has no name. */
function split(argument: string): [name: string | undefined, value: string] {
  const [, name, value = ''] = /^([A-Za-z_]\w*)=(.*)$/s.exec(argument) ?? [];
  return name === undefined ? [undefined, argument] : [name, value];
}
