import { withoutQueries } from '../../../../operations/redact/queries';

test.each([
  ['127.0.0.1 - "GET /users/me?token=hunter2 HTTP/1.1" 200', '127.0.0.1 - "GET /users/me?… HTTP/1.1" 200'],
  ['("WebSocket /monitoring/ws?token=hunter2&a=b" [accepted])', '("WebSocket /monitoring/ws?…" [accepted])'],
  ['upstream: "http://10.0.1.3:8000/?token=hunter2", host', 'upstream: "http://10.0.1.3:8000/?…", host'],
  ["fetch('https://a.example/b?c=d')", "fetch('https://a.example/b?…')"],
])('of %s', (line, shown) => {
  expect(withoutQueries(line)).toBe(shown);
});

test('what is no query stays', () => {
  for (const line of ['what? no', 'a/b? really', 'is it 1/2?', 'SELECT a FROM b WHERE c = ?'])
    expect(withoutQueries(line)).toBe(line);
});
