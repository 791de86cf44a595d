import type { DeclaredSecret } from '../../contract/declared-secret';
import type { Shell } from '../../contract/shell';
import { givenValue, keysIn, variableOf } from '../inputs/declared';
import { judgeEncryption } from '../state/encryption/setting';
import { type Finding, failure } from '../terminal/finding';
import { terraformName } from '../terraform/program';

const finding = (text: string, fix: string) => failure('secrets', text, fix);

/** What is wrong with the given values by themselves, and with what is to go. No value is shown. */
export function judgeGiven(
  secrets: readonly DeclaredSecret[],
  shell: Shell,
  without: readonly string[] = [],
): Finding[] {
  const strange = without.filter(
    (name) => !secrets.some((secret) => secret.name === name && secret.optional),
  );
  return [
    ...strange.map((name) =>
      finding(
        `--without ${name}: there is no optional secret of this name`,
        `name one of: ${secrets.flatMap((secret) => (secret.optional ? [secret.name] : [])).join(', ') || 'none is optional'}`,
      ),
    ),
    ...judgeLogs(shell),
    ...judgeEncryption(shell),
    ...secrets.flatMap((secret) => {
      const value = givenValue(secret.name, shell);
      return value === '' ? [] : judgeValue(secret, value);
    }),
    ...secrets.flatMap((secret) => judgeAcceptedKeys(secret, secrets, shell)),
  ];
}

function judgeValue({ name, minLength, asciiOnly, origin }: DeclaredSecret, value: string): Finding[] {
  const variable = variableOf(name);
  if (/\r|\n$/.test(value)) {
    const what = value.includes('\r')
      ? 'a carriage return (a file with Windows line ends?)'
      : 'a line break at its end';
    return [
      finding(`${variable} has ${what}`, `export ${variable}="$(tr -d '\\r' < FILE)", which drops both`),
    ];
  }
  // As Terraform counts: user-perceived characters.
  const length = [...new Intl.Segmenter().segment(value)].length;
  if (length < minLength) {
    const fix = origin
      ? `give it all of what ${origin}`
      : `give it a longer value, for example the one that ./proctor secrets --generate ${name} makes`;
    return [finding(`${variable} has ${length} characters, fewer than ${minLength}`, fix)];
  }
  if (asciiOnly && !/^[\x20-\x7e]*$/.test(value)) {
    const fix = 'choose one of letters, digits and punctuation: the driver could not log in with others';
    return [finding(`${variable} has characters that are not printable ASCII`, fix)];
  }
  return [];
}

/** A list of keys beside a signing key: each a good key, and none the signing key itself. */
function judgeAcceptedKeys(
  { name, signsTokens, minLength }: DeclaredSecret,
  secrets: readonly DeclaredSecret[],
  shell: Shell,
): Finding[] {
  const other = secrets.find((secret) => secret.name === signsTokens?.acceptedKeys);
  if (!other) return [];
  const variable = variableOf(other.name);
  const keys = keysIn(givenValue(other.name, shell));
  if (keys.includes(givenValue(name, shell))) {
    const fix = `give ${variable} the older key, or the next one; a rotation needs two different keys`;
    return [finding(`${variable} holds the key of ${variableOf(name)} itself`, fix)];
  }
  if (keys.some((key) => key.length < minLength)) {
    const fix = `separate whole keys with commas; a key with a comma in it cannot be listed`;
    return [finding(`${variable} has a key of fewer than ${minLength} characters`, fix)];
  }
  return [];
}

/** Terraform and the provider then write values and whole specifications into their logs. */
function judgeLogs(shell: Shell): Finding[] {
  const noisy = ['TF_LOG', 'TF_LOG_CORE', 'TF_LOG_PROVIDER'].find(
    (name) => shell[name] && shell[name] !== 'OFF',
  );
  return noisy
    ? [finding(`${noisy} is set: ${terraformName()}'s logs would hold secrets`, `unset ${noisy}`)]
    : [];
}
