import { literal } from '../../../../constructs/swarm';
import { hcl } from '../../../../constructs/swarm/hcl';

test.each<[unknown, string]>([
  [1.5, '1.5'],
  [true, 'true'],
  [null, 'null'],
  ['text', '"text"'],
  ['with "quotes", \\ and\nlines', '"with \\"quotes\\", \\\\ and\\nlines"'],
  [[1, 'a', []], '[1, "a", []]'],
  [{ a: 1, 'b-c': { d: 'e' } }, '{"a" = 1, "b-c" = {"d" = "e"}}'],
  [{ kept: null, left: undefined }, '{"kept" = null}'],
  ['', '""'],
])('%j becomes %s', (value, expression) => expect(hcl(value)).toBe(expression));

test.each([
  ['${var.x}', '"${var.x}"'],
  ['a "${var.x}" b', '"a \\"${var.x}\\" b"'],
  ['${a["k"].id}', '"${a["k"].id}"'],
  ['${a}${b}', '"${a}${b}"'],
  ['${[for s in x : { id = s }]} "t"', '"${[for s in x : { id = s }]} \\"t\\""'],
  ['${join("}", x)} "t"', '"${join("}", x)} \\"t\\""'],
])('the expression in %j stays as it is, the text around it is quoted', (text, expression) => {
  expect(hcl(text)).toBe(expression);
});

test.each(['${HOME} "x"', '%{http_code}', 'a $${b} "c"'])('the literal %j stays text', (text) => {
  expect(hcl(literal(text))).toBe(JSON.stringify(literal(text)));
});

test('an expression that is not closed is refused by its text', () => {
  expect(() => hcl('x ${var.y')).toThrow('an expression is not closed: ${var.y');
});
