import { nginxConf, type Route } from '../../../../constructs/ingress/nginx-conf';
import { Duration } from '../../../../constructs/units';

const confOf = (...routes: Partial<Route>[]) =>
  nginxConf({
    behindEdge: true,
    routes: routes.map((route) => ({ path: '/a', service: 'web', port: 80, ...route })),
  });
const limit = (change: object) => ({ rateLimit: { requestsPerSecond: 10, burst: 20, ...change } });

test.each<[Partial<Route>, string]>([
  [limit({ requestsPerSecond: 0 }), 'rateLimit 0/s'],
  [limit({ requestsPerSecond: -1 }), 'rateLimit -1/s'],
  [limit({ requestsPerSecond: 0.001 }), 'by the second or by the minute'],
  [limit({ requestsPerSecond: Number.NaN }), 'rateLimit NaN/s'],
  [limit({ burst: 1.5 }), 'burst 1.5'],
  [limit({ burst: -1 }), 'burst -1'],
  [limit({ key: { cookie: 'a b' } }), "key: 'a b' is no name of a cookie"],
  [limit({ key: { header: '' } }), "key: '' is no name of a header"],
  [limit({ key: { query: 'a' } }), 'key: query is no part of a request'],
  [{ affinity: { path: 0 } }, 'affinity: 0 is no part of a path'],
  [{ affinity: { path: 1.5 } }, 'affinity: 1.5 is no part of a path'],
  [{ affinity: { cookie: 'a', path: 1 } as never }, 'Name one part of a request'],
  [{ affinity: {} as never }, 'Name one part of a request'],
  [{ timeout: Duration.seconds(0) }, 'timeout 0s'],
  [{ websocket: true, websocketTimeout: Duration.seconds(0) }, 'websocketTimeout 0s'],
  [{ websocketTimeout: Duration.seconds(9) }, 'websocketTimeout without websocket'],
  [{ maxBodySize: '50 MB' }, "maxBodySize '50 MB' is no size of nginx"],
  [{ rewrite: 'x' }, "rewrite 'x': a path starts with '/'"],
  [{ rewrite: '/$x' }, 'safe in nginx.conf'],
  [{ rewrite: '/x?y' }, 'safe in nginx.conf'],
  [
    { path: '/a%20b' },
    "nginx compares paths decoded: one with '%' is never asked for. End the prefix before it",
  ],
  [{ path: '/%2Fa', exact: true }, 'nginx compares paths decoded'],
  [{ rewrite: '/a%20b' }, "rewrite '/a%20b': nginx would write its '%' as %25. Use a path that needs none"],
  [{ path: '/a/', rewrite: '/b' }, "rewrite '/b' would run into what follows '/a/'. Write '/b/'"],
  [{ path: '/health', exact: true }, 'nginx answers /health itself'],
  [{ headers: { 'X Y': 'a' } }, "'X Y' is no name of a header"],
  [{ headers: { [`X-${'y'.repeat(99)}`]: 'a' } }, '100 of them at most'],
  [{ headers: { 'Content-Length': '1' } }, "the header Content-Length is the service's to say"],
  ...['"', '\\', '$x', 'a\nb', 'a\rb', '\0'].map((value): [Partial<Route>, string] => [
    { headers: { 'X-A': value } },
    'the header X-A has',
  ]),
])('refuses %j', (route, message) => {
  expect(() => confOf(route)).toThrow(message);
  expect(() => confOf(route)).toThrow("route '");
});

test('lists what is wrong with all routes at once', () => {
  expect(() => confOf({ maxBodySize: 'x' }, { path: '/b', rewrite: 'y' })).toThrow(
    /^route '\/a' of web: maxBodySize[^\n]+\nroute '\/b' of web: rewrite/,
  );
});

test.each<[string, Partial<Route>, Partial<Route>]>([
  ['/a twice', {}, {}],
  ['the same exact path twice', { exact: true }, { exact: true }],
  ['an exact path that a rewritten prefix has', { exact: true }, { rewrite: '/' }],
  ['a prefix that a rewritten one has', { path: '/a/' }, { rewrite: '/' }],
])('refuses %s', (_, first, second) => {
  expect(() => confOf(first, second)).toThrow('web has this path already');
});

test('an exact path and a prefix may be the same', () => {
  const text = confOf({ exact: true }, {});
  expect(text).toContain('location = /a {');
  expect(text).toContain('location /a {');
});

test('routes of a service share a zone and an upstream, and another key or affinity has its own', () => {
  const key = { cookie: 'Session' };
  const text = confOf(
    {},
    { path: '/b' },
    { path: '/c', ...limit({ key }) },
    { path: '/d', affinity: { path: 2 } },
    { path: '/e', affinity: { path: 2 }, ...limit({ key }) },
  );
  expect([...text.matchAll(/limit_req_zone (\S+) zone=(\S+?):/g)].map(([, by, zone]) => [by, zone])).toEqual([
    ['$binary_remote_addr', 'limit_web_10'],
    ['$client_by_cookie__53ession', 'limit_web_10_by_cookie__53ession'],
  ]);
  expect(text.match(/^ *upstream .*$/gm)).toEqual(['  upstream web {', '  upstream web_by_path_2 {']);
  expect(text.match(/map \$http_cookie/g)).toHaveLength(1);
});

test('names that differ in case or in a dash alone are not mixed up', () => {
  const names = ['session', 'Session', 'ses-sion', 'ses_sion'];
  const text = confOf(...names.map((cookie, at) => ({ path: `/${at}`, affinity: { cookie } })));
  expect(new Set(text.match(/map \$http_cookie (\S+)/g)).size).toBe(4);
  expect(text.match(/^ *upstream /gm)).toHaveLength(4);
});

test('the longest names fit the tables that nginx makes of them', () => {
  const longest = 'J'.repeat(60);
  const text = confOf(
    limit({ key: { cookie: longest } }),
    { path: '/b', affinity: { cookie: longest } },
    { path: '/c', headers: { [`X-${'y'.repeat(98)}`]: 'a' } },
  );
  // As nginx counts: a pointer, the name with two bytes of its own up to a whole pointer, and one at the end.
  const needs = (name: string) => 8 + Math.ceil((name.length + 2) / 8) * 8 + 8;
  const bucket = (hash: string) => Number(new RegExp(`^ *${hash}_bucket_size (\\d+);`, 'm').exec(text)?.[1]);
  const variables = [...text.matchAll(/^ *map \S+ \$(\S+)/gm)].map(([, name]) => name!);
  expect(Math.max(...variables.map((name) => needs(name)))).toBeGreaterThan(200);
  expect(Math.max(...variables.map((name) => needs(name)))).toBeLessThanOrEqual(bucket('variables_hash'));
  expect(needs(`X-${'y'.repeat(98)}`)).toBeLessThanOrEqual(bucket('proxy_headers_hash'));
  expect(needs('h'.repeat(253))).toBeLessThanOrEqual(bucket('server_names_hash'));
});

test('no group of a pattern has a name that an older PCRE2 refuses', () => {
  const text = confOf(
    limit({ key: { cookie: '__Host-session' } }),
    { path: '/b', ...limit({ key: { header: 'X-Goog-Iap-Jwt-Assertion' } }) },
    { path: '/c', affinity: { cookie: 'PHPSESSID' } },
  );
  const groups = [...text.matchAll(/\(\?<(\w+)>/g)].map(([, name]) => name!);
  expect(groups).toContain('part_value');
  expect(groups.filter((name) => name.length > 32)).toEqual([]);
});

test('a security header is added only where an answer has none', () => {
  const text = confOf({}, { path: '/b', headers: { 'x-frame-options': 'DENY' } });
  const added = [...text.matchAll(/^ *add_header (.*);$/gm)].map(([, what]) => what!);
  expect(text).toContain(
    "map $sent_http_referrer_policy $default_referrer_policy { '' strict-origin-when-cross-origin; default ''; }",
  );
  // Of two servers and a route with its second try, each in its own words but the one that the route names.
  expect(added.filter((what) => what === 'Referrer-Policy $default_referrer_policy always')).toHaveLength(4);
  expect(added.filter((what) => !what.includes(' $default_'))).toEqual(
    Array(2).fill('x-frame-options DENY always'),
  );
});
