const PUNCTUATION =
  'Tab NewLine excl quot num dollar percnt amp apos lpar rpar ast plus comma period sol colon semi lt equals gt quest commat lsqb bsol rsqb Hat lowbar grave lcub verbar rcub';
const PUNCTUATION_CHARACTERS = '\t\n!"#$%&\'()*+,./:;<=>?@[\\]^_`{|}';
/** From U+00A0 on. */
const LATIN =
  'nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml';

/** Names of characters in HTML, as far as a keyboard has them. */
export const NAMED_ENTITIES: ReadonlyMap<string, string> = new Map([
  ...PUNCTUATION.split(' ').map((name, index): [string, string] => [PUNCTUATION_CHARACTERS[index]!, name]),
  ...LATIN.split(' ').map((name, index): [string, string] => [String.fromCodePoint(0xa0 + index), name]),
]);
