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

/** How a setting looks like a secret, by its name, its value, or a password in a URL; undefined where it does not. */
export function secretLook(name: string | undefined, value: string): 'secret' | 'url' | undefined {
  const secretName =
    name !== undefined &&
    SECRET_NAME.test(name) &&
    !PLACE.test(name) &&
    !HARMLESS.test(value) &&
    !(ABOUT.test(name) && /^\d+$/.test(value));
  if (secretName || SECRET_VALUE.test(value)) return 'secret';
  return CREDENTIALS_IN_URL.test(value) ? 'url' : undefined;
}

/** `NAME=value` and `--name=value`; anything else has no name. */
export function splitArgument(argument: string): [name: string | undefined, value: string] {
  const [, name, value = ''] = /^-{0,2}([A-Za-z_][\w-]*)=(.*)$/s.exec(argument) ?? [];
  return name === undefined ? [undefined, argument] : [name.replaceAll('-', '_'), value];
}
