import { createServer as createPlain } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { gatherSeen } from '../../../../operations/security/entrance';
import { makePair } from '../../../support/programs/certificates';

const { certificate: cert, privateKey: key } = makePair({ names: 'DNS:shop.example.com' });
const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

const listening = (server: Server) =>
  new Promise<number>((done) => {
    servers.push(server);
    server.listen(0, '127.0.0.1', () => done((server.address() as AddressInfo).port));
  });

const secure = (options: object = {}) =>
  listening(
    createServer({ cert, key, ...options }, ({ headers }, response) => {
      response.writeHead(200, { server: 'nginx', 'x-host': headers.host });
      response.end();
    }),
  );
const redirecting = () =>
  listening(
    createPlain(({ headers }, response) => {
      response.writeHead(301, { location: `https://${headers.host}/` });
      response.end();
    }),
  );

const OLD = { minVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;

test('sees the versions of TLS, the headers and where HTTP leads, under the name that clients use', async () => {
  const [https, http] = [await secure({ minVersion: 'TLSv1.2' }), await redirecting()];
  const seen = await gatherSeen({ host: '127.0.0.1', https, http, serverName: 'shop.example.com' });
  expect(seen).toMatchObject({
    tls: { TLSv1: false, 'TLSv1.1': false, 'TLSv1.2': true, 'TLSv1.3': true },
    headers: { server: 'nginx', 'x-host': 'shop.example.com' },
    redirect: 'https://shop.example.com/',
    certificate: { selfSigned: true },
  });
});

test('an old version that is spoken is seen', async () => {
  const [https, http] = [await secure(OLD), await redirecting()];
  expect(await gatherSeen({ host: '127.0.0.1', https, http })).toMatchObject({
    tls: { TLSv1: true, 'TLSv1.1': true },
  });
});

test('an HTTP port that answers by itself, or not at all, is told from one that leads to HTTPS', async () => {
  const https = await secure();
  const http = await listening(createPlain((_, response) => response.end('hello')));
  expect(await gatherSeen({ host: '127.0.0.1', https, http })).toMatchObject({ redirect: '' });
  servers.at(-1)!.close();
  expect(await gatherSeen({ host: '127.0.0.1', https, http })).toMatchObject({ redirect: undefined });
});

test('an entrance that does not answer is an error in words', async () => {
  const https = await secure();
  servers.at(-1)!.close();
  expect(await gatherSeen({ host: '127.0.0.1', https, http: https })).toEqual({
    error: expect.stringContaining('ECONNREFUSED'),
  });
});
