import { serviceRule } from './rule';

const SECRET_NAME =
  /PASS(W(OR)?D|PHRASE)?(_|$)|PWD|SECRET|TOKEN|(API|PRIVATE|ACCESS|SIGNING|ENCRYPTION)_?KEY|CREDENTIAL/i;
/** TOKEN_EXPIRE_MINUTES=30, PASSWORD_MIN_LENGTH=12: numbers about a secret. */
const ABOUT = /(MINUTES|SECONDS|HOURS|DAYS|TTL|LENGTH|ROUNDS|COUNT|EXPIRE\w*)$/i;
/** Private keys, and what GitHub, AWS and issuers of JSON Web Tokens hand out. */
const SECRET_VALUE =
  /-----BEGIN [A-Z ]*PRIVATE KEY-----|\bgh[pousr]_\w{36}|\bAKIA[0-9A-Z]{16}\b|\beyJ[\w-]+\.eyJ[\w-]+\./;
const CREDENTIALS_IN_URL = /[a-z][a-z0-9+.-]*:\/\/[^/\s:@]*:[^/\s@{}]+@/i;
/** DB_PASSWORD_FILE=/run/secrets/x: where a secret is. */
const PLACE = /_(FILE|PATH|DIR)$/i;
/** PASSWORD_LOGIN=true, and the hash that no password matches: nobody's secret. */
const HARMLESS = /^([01]?|true|false|yes|no|invalid)$/i;

/**
 * Settings are plain text in the synthesized JSON, the plan, the state and `docker service inspect`.
 * @refuses settings and arguments whose name or value looks like a secret, and URLs with a password
 * @fix declare a secret and take it from there
 */
export const noSecretInSettings = serviceRule('no-secret-in-settings', function* ({ props }) {
  for (const [name, value] of [
    ...(props.args ?? []).map(split),
    ...Object.entries(props.environment ?? {}),
  ]) {
    const called = name === undefined ? 'an argument' : `the setting ${name}`;
    const secretName =
      name !== undefined &&
      SECRET_NAME.test(name) &&
      !PLACE.test(name) &&
      !HARMLESS.test(value) &&
      !(ABOUT.test(name) && /^\d+$/.test(value));
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

/** `NAME=value` and `--name=value`; anything else has no name. */
function split(argument: string): [name: string | undefined, value: string] {
  const [, name, value = ''] = /^-{0,2}([A-Za-z_][\w-]*)=(.*)$/s.exec(argument) ?? [];
  return name === undefined ? [undefined, argument] : [name.replaceAll('-', '_'), value];
}
