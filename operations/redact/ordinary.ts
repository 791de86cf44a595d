/**
 * A login or sender that is a word or two, or an address of mail: it may stand in any text, such as in the names of services.
 * One that a provider makes up, such as an access key, is none.
 */
export const isOrdinary = (value: string): boolean =>
  /^[a-z]+\d{0,4}([-_.][a-z]+\d{0,4})*$/i.test(value) || isAddress(value);

/** By the last words of a variable's name, whom a value names. */
const LOGIN = /(^|_)(user|username|email|access_key_id)$/i;

/** Not to be looked for: it would be found in texts that have nothing to do with it, and refused. */
export const isOrdinaryLogin = (name: string, value: string): boolean =>
  LOGIN.test(name) && isOrdinary(value);

export const isAddress = (value: string): boolean => /^[^\s@]+@[^\s@]+$/.test(value);
