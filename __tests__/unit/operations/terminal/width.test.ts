import { crop, fold, shorten, textWidth } from '../../../../operations/terminal/width';

test('counts cells: wide characters, accents of their own and colours', () => {
  expect(['abc', '日本', 'e\u0301', '\u001b[31mab\u001b[0m', '·→…✓'].map(textWidth)).toEqual([3, 4, 1, 2, 4]);
});

test('crops between characters, and never shows half of a wide one', () => {
  expect(crop('日本', 3)).toBe('日');
  expect(crop('日a', 1)).toBe('');
  expect(crop('e\u0301e\u0301', 1)).toBe('e\u0301');
});

test('folds as a terminal does', () => {
  expect(fold('abcde', 2)).toEqual(['ab', 'cd', 'e']);
  expect(fold('a日本', 2)).toEqual(['a', '日', '本']);
  expect(fold('日', 1)).toEqual(['日']);
  expect(fold('', 5)).toEqual(['']);
});

test('shortens with a mark, and gives what must stay more rows', () => {
  expect(shorten('abc', 3)).toEqual(['abc']);
  expect(shorten('abcdef', 5)).toEqual(['abcd…']);
  expect(shorten('a-long-name and words', 6, 11)).toEqual(['a-long', '-name…']);
  expect(shorten('twelve-chars and words', 6, 12)).toEqual(['twelve', '-chars', ' and …']);
});
