import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

const ROOT = resolve(__dirname, '../../..');

interface Excerpt {
  readonly file: string;
  readonly text: string;
}

/**
 * Fenced blocks whose info string names a file after the language, as in "```ts services.config.ts": each is a part of
 * that file. Blocks with a language alone are commands, output or pictures.
 */
export function excerptsOf(markdown: string): Excerpt[] {
  return [...markdown.matchAll(/^( *)(`{3,})\w+ +(\S+)[^\n`]*\n([\s\S]*?)^\1\2 *$/gm)].map(
    ([, indent, , file, text]) => ({
      file: file!,
      text: text!.replace(new RegExp(`^${indent}`, 'gm'), ''),
    }),
  );
}

/** Excerpts that are not, word for word and line by line, in their file. */
export function strays(excerpts: readonly Excerpt[], read: (file: string) => string | undefined): string[] {
  return excerpts.flatMap(({ file, text }) => {
    const whole = read(file);
    if (whole === undefined) return [`${file} is not there`];
    const lines = `\n${whole.replace(/\n*$/, '\n')}`;
    if (text.trim() === '') return [`the excerpt of ${file} is empty`];
    if (lines.includes(`\n${text}`)) return [];
    const line = text.split('\n').find((one) => !lines.includes(`\n${one}\n`)) ?? text.split('\n')[0];
    return [`${file} does not have: ${line}`];
  });
}

const README = join(ROOT, 'README.md');
const excerpts = () => excerptsOf(readFileSync(README, 'utf8'));
const inProject = (file: string) =>
  existsSync(join(ROOT, file)) ? readFileSync(join(ROOT, file), 'utf8') : undefined;

test('what the README shows of files is what they say', () => {
  expect(strays(excerpts(), inProject)).toEqual([]);
});

test('the README shows the catalogue', () => {
  expect(excerpts().map(({ file }) => file)).toContain('services.config.ts');
});

test('the README is read in one sitting', () => {
  expect(readFileSync(README, 'utf8').split('\n').length - 1).toBeLessThanOrEqual(120);
});

describe('README, changelog and docs', () => {
  const pages = [
    'README.md',
    'CHANGELOG.md',
    'examples/shop/README.md',
    ...readdirSync(join(ROOT, 'docs'))
      .filter((name) => name.endsWith('.md'))
      .map((name) => `docs/${name}`),
  ];
  const text = (page: string) => readFileSync(join(ROOT, page), 'utf8');
  /** As GitHub makes them of headings. */
  const anchors = (page: string) =>
    [...text(page).matchAll(/^#+ (.+)$/gm)].map(([, title]) =>
      title!
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, '')
        .trim()
        .replaceAll(' ', '-'),
    );

  test.each(pages)('%s: every link leads to a file and a heading that are there', (page) => {
    const links = [...text(page).matchAll(/\]\((?!https?:|mailto:)([^)\s]+)\)/g)].map(([, link]) => link!);
    const broken = links.filter((link) => {
      const [file, anchor] = link.split('#');
      const target = file ? join(dirname(page), file) : page;
      if (!existsSync(join(ROOT, target))) return true;
      return anchor !== undefined && target.endsWith('.md') && !anchors(target).includes(anchor);
    });
    expect(broken).toEqual([]);
  });

  test.each(pages)('%s: every npm script that it names is there', (page) => {
    const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    const named = [...text(page).matchAll(/\bnpm run (?:-s )?([a-z][\w:-]*)/g)].map(([, name]) => name!);
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });
});

describe('an excerpt', () => {
  const read = (file: string) =>
    file === 'a.ts' ? 'const a = 1;\nconst b = 2;\n\nconst c = 3;\n' : undefined;
  const block = (text: string, info = 'ts a.ts') => `Text.\n\n\`\`\`${info}\n${text}\n\`\`\`\n\nMore.\n`;
  const faults = (markdown: string) => strays(excerptsOf(markdown), read);

  test.each(['const a = 1;', 'const b = 2;\n\nconst c = 3;', 'const a = 1;\nconst b = 2;\n\nconst c = 3;'])(
    'that is in its file is fine: %j',
    (text) => {
      expect(excerptsOf(block(text))).toEqual([{ file: 'a.ts', text: `${text}\n` }]);
      expect(faults(block(text))).toEqual([]);
    },
  );

  test.each([
    ['is changed', 'const a = 2;', 'a.ts does not have: const a = 2;'],
    ['leaves a line out', 'const a = 1;\nconst c = 3;', 'a.ts does not have: const a = 1;'],
    ['is half a line', 'const a', 'a.ts does not have: const a'],
    ['is the end of a line', 'a = 1;', 'a.ts does not have: a = 1;'],
    ['is empty', '', 'the excerpt of a.ts is empty'],
  ])('that %s is found', (_, text, fault) => expect(faults(block(text))).toEqual([fault]));

  test('of a file that is not there is found', () => {
    expect(faults(block('x', 'ts b.ts'))).toEqual(['b.ts is not there']);
  });

  test('in a list is read without its indentation', () => {
    expect(faults('1. Text\n\n   ```ts a.ts\n   const a = 1;\n   const b = 2;\n   ```\n')).toEqual([]);
  });

  test('is no block that names only its language', () => {
    expect(excerptsOf(block('npm ci', 'sh'))).toEqual([]);
  });
});
