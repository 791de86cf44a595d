/** Of a text in a text, too: `\/`. */
const SLASHES = String.raw`(?:\\{0,8}\/){2}`;
/** Where a URL ends, whatever it stands in. */
const END = String.raw`\s"\`<>\\`;
/** A quote may be in a password; one with nothing of it behind is the end of a literal. */
const QUOTE = String.raw`'(?=\w)`;
/** With an `@` in it that should be encoded, too. */
const PASSWORD = `(?:[^${END}'/?#]|${QUOTE})+(?=@)`;
/** With a slash that should be encoded, as base64 has them. Behind a port a path begins, and an `@` is the path's. */
const WITH_SLASHES = String.raw`(?!\d{1,5}[/?#])(?:(?!:\/\/)(?:[^${END}'@]|${QUOTE}))+(?=@)`;

/** `{db_password}` and `${DB_PASSWORD}` are what a password is put in place of. */
const PLAIN = new RegExp(
  String.raw`(\w:${SLASHES}[^${END}':@/?#[\]]{0,256}:)(?!\$?\{\w+\}@)(?:${PASSWORD}|${WITH_SLASHES})`,
  'g',
);

/** The same in a URL's query or a form, each level of which encodes the percent signs of the one before. */
const ENCODED = new RegExp(
  String.raw`(\w(?<p>%(?:25)*)3A\k<p>2F\k<p>2F(?:(?!\k<p>(?:3A|40|2F))[^${END}':@/&]){0,256}\k<p>3A)` +
    String.raw`(?!(?:\k<p>24)?\k<p>7B\w+\k<p>7D\k<p>40)(?:(?!\k<p>(?:2F|3F|23))[^${END}'&])+(?=\k<p>40)`,
  'gi',
);

/** `scheme://user:password@host` without its password, whoever knows it or not: who logs in where may be read. */
export const withoutPasswords = (text: string): string =>
  text.replace(PLAIN, '$1<password>').replace(ENCODED, '$1<password>');
