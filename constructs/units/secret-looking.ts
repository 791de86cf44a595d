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

export type Look = 'secret' | 'url';

/** How a setting looks like a secret, by its name, its value, or a password in a URL; undefined where it does not. */
export function secretLook(name: string | undefined, value: string): Look | undefined {
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

/** What looks like a secret in a command. */
export interface Found {
  /** Of the setting or option that has it; undefined where none says what it is. */
  readonly name: string | undefined;
  readonly look: Look;
  /** Which word of the command it is in. */
  readonly at: number;
}

/** What comes next is a line for a shell: Docker's health check, `sh -c`, `bash -ec`. */
const BEFORE_LINE = /^(CMD-SHELL|-[a-z]*c)$/;
const OPTION = /^--?([A-Za-z][\w-]*)$/;
/** Options that have no value, whatever they are about. */
const SWITCH = /^(no|without|skip|ask|use|with|enable|disable|allow|require)[-_]/;
/** curl's `-u name:password`; to others these are users and groups. */
const LOGIN = /^(u|user|proxy[-_]user)$/;

/**
 * What looks like a secret in a command's words: `NAME=value`, `--name=value`, `--name value`, a password in a URL, curl's
 * `-u name:password`; in a line for a shell, too, but for what the shell fills in (`$NAME`, `$(cat /run/secrets/name)`).
 */
export function secretsInCommand(words: readonly string[]): Found[] {
  const curl = words.some((word) => /(^|\/)curl$/.test(word));
  return words.flatMap((word, at): Found[] => {
    const before = words[at - 1] ?? '';
    if (BEFORE_LINE.test(before)) return secretsInCommand(wordsOf(word)).map((found) => ({ ...found, at }));
    const [name, value] = settingOf(word, before);
    const login = curl && LOGIN.test(name ?? '') && /^[^:]*:./.test(value);
    if (login) return [{ name: undefined, look: 'secret', at }];
    const look = secretLook(name, value);
    return look ? [{ name, look, at }] : [];
  });
}

/** A command for people to read, without the words that look like secrets. */
export function withoutSecrets(words: readonly string[]): string[] {
  const found = new Set(secretsInCommand(words).map(({ at }) => at));
  return words.map((word, at) => (found.has(at) ? '…' : word));
}

function settingOf(word: string, before: string): readonly [name: string | undefined, value: string] {
  const written = splitArgument(word);
  const [, option] = OPTION.exec(before) ?? [];
  const alone = written[0] !== undefined || word.startsWith('-') || secretLook(undefined, word) !== undefined;
  return alone || option === undefined || SWITCH.test(option) ? written : [option.replaceAll('-', '_'), word];
}

/** Of a line for a shell. What the shell fills in is nothing that is written there. */
function wordsOf(line: string): string[] {
  let text = line;
  for (let before = ''; before !== text; ) {
    before = text;
    text = text.replace(/\$\([^()]*\)|\$\{[^{}]*\}|\$\w+|`[^`]*`/g, '');
  }
  return text
    .replace(/["']/g, '')
    .split(/[\s;|&()<>]+/)
    .filter((word) => word !== '');
}
