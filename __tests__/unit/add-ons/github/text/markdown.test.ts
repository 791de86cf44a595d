import { code, defuse, fence, shorten } from '../../../../../add-ons/github/text/markdown';

describe('a fence', () => {
  test.each(['x', 'a\n```\nb', '````text\n```', '`'.repeat(40)])('holds what is in it: %j', (text) => {
    const [first, ...rest] = fence(text).split('\n');
    const ticks = first!.replace('text', '');
    expect(rest.at(-1)).toBe(ticks);
    expect(rest.slice(0, -1).join('\n')).toBe(text);
    expect(text).not.toContain(ticks);
  });
});

test.each([
  ['feature/`$(id)`', "`feature/'$(id)'`"],
  ['a\n## b', '`a ## b`'],
  ['', '` `'],
])('a name that others wrote is one line of code: %j', (text, shown) => expect(code(text)).toBe(shown));

describe('defused', () => {
  test('notifies nobody, outside of code', () => {
    expect(defuse('ping @octocat, image nginx@sha256:ab, mail a@b.c')).toBe(
      'ping @\u200boctocat, image nginx@\u200bsha256:ab, mail a@\u200bb.c',
    );
  });

  test('leaves code as it is, to copy', () => {
    const text =
      'run `docker pull nginx@sha256:ab` or\n\n```sh\ndocker pull nginx@sha256:ab\n<!-- x -->\n```';
    expect(defuse(text)).toBe(text);
  });

  test('cannot pass for the marker', () => {
    expect(defuse('<!-- proctorwise-swarm:plan -->')).toBe('&lt;!-- proctorwise-swarm:plan -->');
  });

  test('is not fooled by a fence inside of a longer one', () => {
    expect(defuse('````text\n```\n@inside\n````\n@outside')).toBe(
      '````text\n```\n@inside\n````\n@\u200boutside',
    );
  });
});

describe('shortened', () => {
  const long = `# Plan\n\n<details><summary>all</summary>\n\n\`\`\`\`text\n${'a line of the plan\n'.repeat(500)}\`\`\`\`\n\n</details>\n`;

  test('is what it was when it fits', () => expect(shorten(long, long.length, 'n')).toBe(long));

  test.each([1000, 2000, 5000])('to %d characters, says so, and closes what it cut open', (limit) => {
    const short = shorten(long, limit, 'The rest is elsewhere.');
    expect(short.length).toBeLessThanOrEqual(limit);
    expect(short).toContain(
      `_Cut here: the whole has ${long.length} characters, ${limit} fit. The rest is elsewhere._`,
    );
    const [inside, after] = short.split('\n````\n');
    expect(inside).toMatch(/a line of the plan$/);
    expect(after).toMatch(/^\n<\/details>\n\n_Cut/);
  });
});
