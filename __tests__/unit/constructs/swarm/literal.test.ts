import { literal } from '../../../../constructs/swarm';

// Right-hand sides were given to `terraform apply` (1.11) as outputs, which printed the left-hand ones.
test.each([
  ['plain $HOME 100% %s {}', 'plain $HOME 100% %s {}'],
  ['${HOME}', '$${HOME}'],
  ['%{http_code}', '%%{http_code}'],
  ['a ${b} c %{d} e ${f}', 'a $${b} c %%{d} e $${f}'],
  ['$${HOME}', '$$${HOME}'],
  ['%%{x}', '%%%{x}'],
  ['$%{x %${x', '$%%{x %$${x'],
  ['$$ %%', '$$ %%'],
])('%j reaches the task as it is, written as %j', (text, written) => {
  expect(literal(text)).toBe(written);
});
