const SECRET_NAME =
  /PASS(W(OR)?D|PHRASE)?(_|$)|PWD|SECRET|TOKEN(?!I[SZ])|(API|PRIVATE|ACCESS|SIGNING|ENCRYPTION)_?KEY|CREDENTIAL/i;
/** TOKEN_EXPIRE_MINUTES=30, PASSWORD_MIN_LENGTH=12, ACCESS_TOKEN_TTL=30m, MAX_TOKENS=4096: numbers about a secret, or about none. */
const ABOUT =
  /(MINUTES|SECONDS|HOURS|DAYS|TTL|LIFETIME|VALIDITY|DURATION|TIMEOUT|(^|_)AGE|LENGTH|ROUNDS|COUNT|EXPIR\w*|TOKENS)$/i;
const NUMBER = /^(\d+|(\d+(\.\d+)?(ns|us|ms|[smhdwy]))+)$/i;
/** Private keys, and what GitHub, AWS and issuers of JSON Web Tokens hand out. */
const SECRET_VALUE =
  /-----BEGIN [A-Z ]*PRIVATE KEY-----|\bgh[pousr]_\w{36}|\bAKIA[0-9A-Z]{16}\b|\beyJ[\w-]+\.eyJ[\w-]+\./;
const CREDENTIALS_IN_URL = /[a-z][a-z0-9+.-]*:\/\/[^/\s:@]*:[^/\s@{}]+@/i;
/** DB_PASSWORD_FILE=/run/secrets/x, TOKEN_URL=…, API_KEY_NAME=…: where a secret is, or what it is called. */
const PLACE = /_(FILE|PATH|DIR|URL|URI|NAME)$/i;
/** PASSWORD_LOGIN=true, and the hash that no password matches: nobody's secret. */
const HARMLESS = /^([01]?|true|false|yes|no|invalid)$/i;
/** A page or an endpoint. With a query it may be signed. */
const PLAIN_URL = /^https?:\/\/[^\s@?]+$/i;
const FILE = /^(\/[\w.-]+)*\/?$/;
/** As what is made up in base64 has it: that may begin with a slash, too. */
const MIXED_CASE = /[a-z][^/]*[A-Z]|[A-Z][^/]*[a-z]/;

/** `name`: by its name alone, which may be a false alarm; `value`: by what it says; `url`: a password in a URL. */
export type Look = 'name' | 'value' | 'url';

/** How a setting looks like a secret; undefined where it does not. */
export function secretLook(name: string | undefined, value: string): Look | undefined {
  if (SECRET_VALUE.test(value)) return 'value';
  if (CREDENTIALS_IN_URL.test(value)) return 'url';
  const secretName =
    name !== undefined &&
    SECRET_NAME.test(name) &&
    !PLACE.test(name) &&
    !HARMLESS.test(value) &&
    !isPlace(value) &&
    !(ABOUT.test(name) && NUMBER.test(value));
  return secretName ? 'name' : undefined;
}

const isPlace = (value: string): boolean =>
  PLAIN_URL.test(value) ||
  (FILE.test(value) && (value.startsWith('/run/secrets/') || !MIXED_CASE.test(value)));

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

/** What comes next is a line for a shell: Docker's health check, `sh -c`, `bash -o pipefail -ec`, `su app -c`; not `python -c`. */
const BEFORE_LINE = /(^|[\s/])(CMD-SHELL|((ba|da|z|k|a)?sh( [-+]\w*o \w+| [-+]\w+)*|su( [\w-]+)*) -[a-z]*c)$/;
const OPTION = /^--?([A-Za-z][\w-]*)$/;
/** Options that have no value, whatever they are about. */
const SWITCH = /^(no|without|skip|ask|use|with|enable|disable|allow|require)[-_]/;
/** Keeps the place of a value that a shell fills in: the next word is none, then. */
const FILLED_IN = '…';
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
    if (BEFORE_LINE.test(words.slice(Math.max(0, at - 6), at).join(' '))) {
      return secretsInCommand(wordsOf(word)).map((found) => ({ ...found, at }));
    }
    const [name, written] = settingOf(word, before);
    const value = written.replaceAll(FILLED_IN, '');
    const login = curl && LOGIN.test(name ?? '') && /^[^:]*:./.test(value);
    if (login) return [{ name: undefined, look: 'value', at }];
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
  const alone =
    written[0] !== undefined ||
    word.startsWith('-') ||
    secretLook(undefined, word.replaceAll(FILLED_IN, '')) !== undefined;
  return alone || option === undefined || SWITCH.test(option) ? written : [option.replaceAll('-', '_'), word];
}

/** Of a line for a shell, quotes as it has them, and FILLED_IN for what it fills in, which is nothing that is written there. */
function wordsOf(line: string): string[] {
  let text = line;
  for (let before = ''; before !== text; ) {
    before = text;
    text = text.replace(/\$\([^()]*\)|\$\{[^{}]*\}|\$\w+|\$[@*]|`[^`]*`/g, FILLED_IN);
  }
  const words = text.match(/("(\\.|[^"\\])*"|'[^']*'|[^\s;|&()<>"'])+/gs) ?? [];
  return words.map((word) => word.replace(/["']/g, ''));
}
