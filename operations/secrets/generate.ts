import { randomInt } from 'node:crypto';

/** Letters and digits: the same in a shell, a URL, an `.env` file, YAML, SQL and a list with commas. */
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** log2(62) is 5.954 bits a character: 43 of them are 256 bits, the size of HS256's hash (RFC 7518, section 3.2). */
const LENGTH = 43;

/** A value that nobody guesses, of letters and digits. @param minLength the declared minimum, which may be longer */
export function generate(minLength: number): string {
  return Array.from({ length: Math.max(LENGTH, minLength) }, () => ALPHABET[randomInt(ALPHABET.length)]).join(
    '',
  );
}
