import { nginxConf } from '../../../../constructs/ingress/nginx-conf';

const confOf = (maxBodySize?: string, route: string | undefined = undefined) =>
  nginxConf({
    behindEdge: true,
    routes: [
      { path: '/a', service: 'web', port: 80, websocket: true, ...(route ? { maxBodySize: route } : {}) },
    ],
    ...(maxBodySize ? { maxBodySize } : {}),
  });
const classesIn = (text: string) =>
  [...text.matchAll(/^ *set \$unknown_length (\w+);$/gm)].map(([, size]) => size);

/** As nginx reads its map: the first pattern counts. */
function classOf(request: string): string {
  const [, map = ''] = /map \S+ \$body \{\n([\s\S]*?)\n\s*\}/.exec(confOf()) ?? [];
  const [, other = ''] = /default (\S+);/.exec(map) ?? [];
  const patterns = [...map.matchAll(/"~(.+)" (\S+);/g)];
  const [, , found = other] = patterns.find(([, pattern]) => new RegExp(pattern!).test(request)) ?? [];
  return found;
}

test.each([
  ['HTTP/1.1:POST:9999:', "''"],
  ['HTTP/2.0:POST:10000:', 'small'],
  ['HTTP/1.1:PUT:1000000:', 'medium'],
  ['HTTP/2.0:PUT:10000000:', 'large'],
  ['HTTP/1.1:POST:50000000000:', 'large'],
])('the body of %s is %s, for it says how long it is', (request, size) =>
  expect(classOf(request)).toBe(size),
);

test.each(['HTTP/1.1:POST::chunked', 'HTTP/1.1:GET::chunked', 'HTTP/2.0:POST::', 'HTTP/2.0:POST::a:5:'])(
  'the body of %s may be as long as any of its route',
  (request) => expect(classOf(request)).toBe('$unknown_length'),
);

test.each(['HTTP/1.1:POST::', 'HTTP/1.0:PUT::', 'HTTP/1.1:GET::', 'HTTP/2.0:GET::', 'HTTP/2.0:DELETE::'])(
  'there is no body to count in %s',
  (request) => expect(classOf(request)).toBe("''"),
);

test.each([
  ['1', 'small'],
  ['100k', 'small'],
  ['1M', 'small'],
  ['1048577', 'medium'],
  ['10m', 'medium'],
  ['10241k', 'large'],
  ['1g', 'large'],
  // To nginx: no limit.
  ['0', 'large'],
  ['0m', 'large'],
])('where a body may have %s, one of unknown length counts as %s', (most, size) => {
  expect(classesIn(confOf(most))).toEqual([size]);
  expect(classesIn(confOf('50m', most))).toEqual(['large', size]);
});

test('unless the catalogue says more, it counts as one of a megabyte', () => {
  expect(classesIn(confOf())).toEqual(['small']);
});

test('a route says it before it hands a WebSocket on', () => {
  expect(confOf('1m', '50m')).toMatch(/location \/a \{\n *set \$unknown_length large;\n[\s\S]*return 418;/);
});
