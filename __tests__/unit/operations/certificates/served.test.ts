import { createServer as createTcpServer, type Server } from 'node:net';
import { createServer } from 'node:tls';
import { servedCertificate } from '../../../../operations/certificates/served';
import { makePair } from '../../../support/programs/certificates';

async function listening<T>(server: Server, use: (port: number) => Promise<T>): Promise<T> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return await use((server.address() as { port: number }).port);
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
}

test('reads what is served, by which authority, until when, and whether it is trusted', async () => {
  const authority = makePair({ subject: '/O=Trust Inc/CN=R1', authority: true });
  const leaf = makePair({ subject: '/CN=shop.example', names: 'DNS:shop.example', issuer: authority });
  const server = createServer({ cert: leaf.certificate, key: leaf.privateKey });
  const seen = await listening(server, (port) => servedCertificate({ host: '127.0.0.1', port }));
  expect(seen).toMatchObject({
    subject: 'shop.example',
    issuer: 'Trust Inc R1',
    selfSigned: false,
    untrusted: expect.stringMatching(/\w/),
  });
  const days = (Date.parse(seen.validTo) - Date.now()) / 86_400_000;
  expect(days).toBeGreaterThan(29.9);
  expect(days).toBeLessThan(30.1);
});

test('whoever answers paints nothing with its name, and gives a CI no command', async () => {
  const pair = makePair({ subject: '/O=##[error]x/CN=a\u001b[31mb\n::stop-commands::c' });
  const server = createServer({ cert: pair.certificate, key: pair.privateKey });
  const seen = await listening(server, (port) => servedCertificate({ host: '127.0.0.1', port }));
  expect(seen.subject).toMatch(/^## \[error\]x a/);
  for (const hostile of ['\\u001b', '\\n', '##[']) expect(JSON.stringify(seen)).not.toContain(hostile);
});

test('knows a self-signed one, and asks by name', async () => {
  const { certificate, privateKey } = makePair();
  let asked: string | undefined;
  const server = createServer({
    cert: certificate,
    key: privateKey,
    SNICallback: (name, done) => {
      asked = name;
      done(null);
    },
  });
  const at = { host: '127.0.0.1', serverName: 'shop.example' };
  const seen = await listening(server, (port) => servedCertificate({ ...at, port }));
  expect(seen).toMatchObject({ subject: 'example.com', selfSigned: true });
  expect(asked).toBe('shop.example');
});

test('fails in words where nobody listens, or somebody without TLS', async () => {
  const closed = await listening(createTcpServer(), async (port) => port);
  await expect(servedCertificate({ host: '127.0.0.1', port: closed })).rejects.toThrow(/ECONNREFUSED/);
  const plain = createTcpServer((socket) => socket.resume().end('HTTP/1.1 400 Bad Request\r\n\r\n'));
  await expect(listening(plain, (port) => servedCertificate({ host: '127.0.0.1', port }))).rejects.toThrow();
});
