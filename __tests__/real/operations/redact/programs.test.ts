import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { Redactor } from '../../../../operations/redact/redactor';
import { anySecret } from '../../../support/secrets';

const PYTHON = `
import base64, html, json, pprint, shlex, sys, textwrap, urllib.parse
def ways(s):
    b = s.encode()
    return [repr(s), repr([s]), repr({"k": (s, "'")}), repr(repr(s)), ascii(s), repr(b), str({"url": "mysql://u:" + s}),
        json.dumps(s), json.dumps(s, ensure_ascii=False), json.dumps(json.dumps(s)), shlex.quote(s), html.escape(s),
        html.escape(s, quote=False), urllib.parse.quote(s), urllib.parse.quote(s, safe=""), urllib.parse.quote_plus(s),
        urllib.parse.urlencode({"p": s}), pprint.pformat({"a": s + "x" * 40}, width=30 if len(s) > 11 else 99), s.encode("unicode_escape").decode(),
        s.encode("ascii", "xmlcharrefreplace").decode(), s.encode("ascii", "backslashreplace").decode()]
print(json.dumps([ways(s) for s in json.load(sys.stdin)]))
`;
const BASH = 'for s in "$@"; do printf "%q\\0%s\\0%s\\0" "$s" "${s@Q}" "$(LC_ALL=C; printf %q "$s")"; done';

test('what Python and bash write of a secret shows none of it', () => {
  const secrets = fc.sample(anySecret, 150);
  const python = JSON.parse(
    execFileSync('python3', ['-c', PYTHON], { input: JSON.stringify(secrets), encoding: 'utf8' }),
  ) as string[][];
  const bash = execFileSync('bash', ['-c', BASH, 'bash', ...secrets], { encoding: 'utf8' }).split('\0');
  for (const [index, value] of secrets.entries()) {
    const redactor = new Redactor({ s: value });
    for (const written of [...python[index]!, ...bash.slice(3 * index, 3 * index + 3)]) {
      // In which of them it was not found is what a failure has to tell.
      expect({ value, written, found: redactor.found(written) }).toEqual({ value, written, found: ['s'] });
      expect(redactor.hide(written)).toContain('<s>');
    }
  }
});
