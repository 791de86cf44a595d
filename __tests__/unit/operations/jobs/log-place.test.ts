import { LogPlace } from '../../../../operations/jobs/log-place';

const at = (second: number, nanoseconds = 0) =>
  `2026-11-29T01:02:${String(second).padStart(2, '0')}.${String(nanoseconds).padStart(9, '0')}Z`;

/** What comes of a log that is read again and again, from its beginning. */
function passed() {
  const place = new LogPlace();
  const told: string[] = [];
  const take = (stream: string) => (text: Buffer) => {
    told.push(`${stream} ${text}`);
  };
  const read = (...messages: (readonly ['stdout' | 'stderr', string, string])[]) => {
    const sink = place.goOn({ stdout: take('stdout'), stderr: take('stderr') });
    for (const [stream, text, time] of messages) sink[stream](Buffer.from(text), time);
    return told.splice(0);
  };
  return { place, read };
}

test('of parts of a long line, which have one time, each comes once', () => {
  const { read } = passed();
  const [a, b, c] = ['a', 'b', 'c'].map((text) => ['stdout', text, at(1, 5)] as const);
  expect(read(a!)).toEqual(['stdout a']);
  expect(read(a!, b!)).toEqual(['stdout b']);
  expect(read(a!, b!, c!)).toEqual(['stdout c']);
  expect(read(a!, b!, c!)).toEqual([]);
});

test('what one stream said does not hide what the other did a moment before', () => {
  const { read } = passed();
  const out = ['stdout', 'out', at(1, 5)] as const;
  expect(read(out)).toEqual(['stdout out']);
  expect(read(out, ['stderr', 'err', at(1, 3)])).toEqual(['stderr err']);
});

test('asks from a little before the last message of both on', () => {
  const { place, read } = passed();
  expect(place.since).toBeUndefined();
  read(['stdout', 'a', at(9, 999_999_999)], ['stderr', 'b', at(7)]);
  expect(place.since).toBe(Date.parse(at(7)) / 1000);
});
