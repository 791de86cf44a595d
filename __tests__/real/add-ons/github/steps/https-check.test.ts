import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createHttps } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Runner } from '../../../../../add-ons/github/runner/runner';
import { checkFromOutside } from '../../../../../add-ons/github/steps/https-check';
import { checkHttps } from '../../../../../add-ons/github/steps/https-step';
import { certificatePair } from '../../../../support/programs/loopback';
import { synthesized } from '../workflows/support/door';

let folder: string;
let pair: { cert: Buffer; key: Buffer };
const open: { close(): void }[] = [];
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'https-'));
  const { certificate, certificateKey } = certificatePair(folder);
  pair = { cert: readFileSync(certificate), key: readFileSync(certificateKey) };
});
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => {
  for (const one of open.splice(0)) one.close();
});

const plain: RequestListener = ({ url, headers }, response) => {
  if (url === '/health') response.end('ok');
  else response.writeHead(301, { location: `https://${headers.host}/` }).end();
};

async function door(http: RequestListener, https: RequestListener) {
  const servers = [createServer(http), createHttps(pair, https)];
  open.push(...servers);
  const [httpPort, httpsPort] = (await Promise.all(
    servers.map(
      (server) =>
        new Promise<number>((done) =>
          server.listen(0, '127.0.0.1', () => done((server.address() as AddressInfo).port)),
        ),
    ),
  )) as [number, number];
  return { host: '127.0.0.1', serverName: 'localhost', selfSigned: true, httpPort, httpsPort };
}

const faults = (looks: Awaited<ReturnType<typeof checkFromOutside>>) => looks.map(({ fault }) => fault);

test('a door as it should be has no fault', async () => {
  expect(faults(await checkFromOutside(await door(plain, plain), 1))).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});

test('is asked by the name that clients use', async () => {
  const hosts = new Set<string | undefined>();
  await checkFromOutside(
    await door(plain, ({ headers }, response) => {
      hosts.add(headers.host?.split(':')[0]);
      response.end();
    }),
    1,
  );
  expect([...hosts]).toEqual(['localhost']);
});

test('a certificate that nobody vouches for counts where it is not meant', async () => {
  const [https] = faults(await checkFromOutside({ ...(await door(plain, plain)), selfSigned: false }, 1));
  expect(https).toBe('DEPTH_ZERO_SELF_SIGNED_CERT');
});

test('is given the time of a restart', async () => {
  let times = 0;
  const slow: RequestListener = (_, response) => {
    times += 1;
    response.writeHead(times < 3 ? 502 : 200).end();
  };
  expect(faults(await checkFromOutside(await door(plain, slow), 1))).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
  expect(times).toBe(3);
});

test.each<[string, RequestListener, RequestListener, (string | undefined)[]]>([
  [
    'an error behind it',
    plain,
    (_, response) => response.writeHead(502).end(),
    ['HTTP 502', undefined, undefined],
  ],
  ['no redirect', (_, response) => response.end(), plain, [undefined, undefined, 'HTTP 200']],
  [
    'a redirect elsewhere',
    ({ url }, response) =>
      url === '/health' ? response.end() : response.writeHead(301, { location: 'http://x/' }).end(),
    plain,
    [undefined, undefined, 'HTTP 301'],
  ],
])('is told: %s', async (_, http, https, expected) => {
  expect(faults(await checkFromOutside(await door(http, https), 1))).toEqual(expected);
});

test('on the page of the run, and the job fails', async () => {
  const { httpPort, httpsPort } = await door(plain, (_, response) => response.writeHead(500).end());
  synthesized(folder, { serverName: 'localhost', selfSigned: true });
  const summary = join(folder, 'summary');
  writeFileSync(summary, '');
  const env = {
    PROJECT: folder,
    VPS_HOST: '127.0.0.1',
    GITHUB_STEP_SUMMARY: summary,
    HTTP_PORT: String(httpPort),
    HTTPS_PORT: String(httpsPort),
  };
  await expect(checkHttps(env, new Runner(env, () => {}), 1)).rejects.toThrow(
    'the platform converged, but clients outside cannot reach it',
  );
  expect(readFileSync(summary, 'utf8')).toContain('- ❌ https://…/health answers 200: HTTP 500\n- ✅ http');
});
