import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { connect as connectTcp } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { findNginx } from '../../../support/nginx/nginx';
import { TLS_WATCH, WatchedNginx } from '../../../support/nginx/watched-nginx';
import { makePair, type Pair } from '../../../support/programs/certificates';
import { freePorts, startDns, startService } from '../../../support/programs/loopback';
import { posixShells } from '../../../support/programs/posix-shells';

const nginx = findNginx();
const withNginx = nginx ? describe : describe.skip;

const pairFor = (subject: string): Pair => makePair({ names: 'DNS:localhost', subject: `/CN=${subject}` });

withNginx(
  nginx ? `tls-watch.sh with nginx ${nginx.version}` : 'SKIPPED: no nginx >= 1.27.4 (set NGINX_BIN)',
  () => {
    const stops: (() => void)[] = [];
    const all: WatchedNginx[] = [];
    let services: { dns: number; port: number };
    beforeAll(async () => {
      const [dns, port] = (await freePorts(2)) as [number, number];
      stops.push(await startDns(dns, new Set(['tasks.web'])), await startService('web', port));
      services = { dns, port };
    });
    afterAll(() => {
      for (const stop of stops) stop();
    });
    afterEach(async () => {
      for (const one of all.splice(0)) await one.remove();
    });
    const newWatched = (shell = posixShells().found[0]!) => {
      all.push(new WatchedNginx({ nginx: nginx!, fallback: pairFor('fallback'), shell }));
      return all.at(-1)!;
    };

    describe.each(posixShells().found)('in $name', (shell) => {
      test('serves the fallback until there is a certificate, then that one, and each newer one', async () => {
        const watched = newWatched(shell);
        await watched.start(services);
        expect(await watched.subject()).toBe('fallback');
        for (const subject of ['first', 'second']) {
          watched.renew(pairFor(subject));
          await watched.serves(subject);
        }
        await watched.says(/nginx reloads[\s\S]*nginx reloads/);
        expect(watched.output().match(/nginx reloads/g)).toHaveLength(2);
        expect(statSync(join(watched.folder, 'served/privkey.pem')).mode & 0o777).toBe(0o600);
        expect(await watched.quit()).toBe(0);
      });
    });

    test.each<[string, (pem: string) => string]>([
      ['Windows’ line ends', (pem) => pem.replaceAll('\n', '\r\n')],
      ['no last line end', (pem) => pem.replace(/\n$/, '')],
      ['spaces at the ends of lines', (pem) => pem.replaceAll('\n', ' \n')],
      ['a byte order mark', (pem) => `\uFEFF${pem}`],
    ])('nginx takes what the checks of a provided pair take: %s', async (_, change) => {
      const watched = newWatched();
      const { certificate, privateKey } = pairFor('odd');
      watched.renew({ certificate: change(certificate), privateKey: change(privateKey) });
      await watched.start(services);
      expect(await watched.subject()).toBe('odd');
    });

    test('starts with the certificate that is there, and reloads for nothing', async () => {
      const watched = newWatched();
      watched.renew(pairFor('kept'));
      await watched.start(services);
      expect(await watched.subject()).toBe('kept');
      await new Promise((done) => setTimeout(done, 2500));
      expect(watched.output()).not.toContain('reloads');
    });

    test.each<[string, (pair: Pair) => Partial<Pair>, RegExp]>([
      ['whose key is not exchanged yet', ({ certificate }) => ({ certificate }), /key values mismatch/],
      [
        'that is half written',
        ({ certificate, privateKey }) => ({ certificate: certificate.slice(0, 300), privateKey }),
        /PEM|bad/,
      ],
      [
        'with an empty key',
        ({ certificate }) => ({ certificate, privateKey: 'nothing\n' }),
        /cannot load certificate key|no start line/,
      ],
    ])(
      'keeps its own when there is a pair %s, and takes the whole one when it is there',
      async (_, part, reason) => {
        const watched = newWatched();
        watched.renew(pairFor('good'));
        await watched.start(services);
        const next = pairFor('next');
        watched.renew(part(next));
        await watched.says(/cannot be used, nginx keeps its own/);
        expect(watched.output()).toMatch(reason);
        expect(await watched.subject()).toBe('good');
        watched.renew(next);
        await watched.serves('next');
      },
    );

    test('starts with the fallback when the pair cannot be used, and says why', async () => {
      const watched = newWatched();
      watched.renew({ ...pairFor('wrong'), privateKey: pairFor('other').privateKey });
      await watched.start(services);
      expect(await watched.subject()).toBe('fallback');
      expect(watched.output()).toMatch(/tls-watch: the pair in .* cannot be used: .*key values mismatch/);
    });

    test('keeps the last good one when the volume is emptied', async () => {
      const watched = newWatched();
      watched.renew(pairFor('good'));
      await watched.start(services);
      rmSync(watched.live, { recursive: true });
      await new Promise((done) => setTimeout(done, 2500));
      expect(await watched.subject()).toBe('good');
    });

    test('a reload closes no WebSocket', async () => {
      const watched = newWatched();
      watched.renew(pairFor('before'));
      await watched.start(services);
      const websocket = await open(
        watched.port,
        'GET /ws HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
      );
      expect(websocket.text()).toContain('hello');
      watched.renew(pairFor('after'));
      await watched.serves('after');
      await new Promise((done) => setTimeout(done, 1500));
      expect(websocket.open()).toBe(true);
      websocket.close();
    });

    test('is gone with nginx: its loop does not outlive it', async () => {
      const watched = newWatched();
      await watched.start(services);
      const group = () =>
        spawnSync('ps', ['-eo', 'args'])
          .stdout.toString()
          .split('\n')
          .filter((line) => line.includes(watched.folder));
      // nginx itself has a title of its own.
      expect(group()).toHaveLength(1);
      await watched.quit();
      await new Promise((done) => setTimeout(done, 2500));
      expect(group()).toEqual([]);
    });
  },
);

describe('tls-watch.sh', () => {
  test.each([
    [[], 64, 'LIVE= is missing'],
    [['LIVE=/x'], 64, 'no command given'],
    [['LIVE=/x', 'LIFE=/y', '--', 'nginx'], 64, "'LIFE=/y' is not one of LIVE="],
    [['LIVE=/x', 'EVERY=soon', '--', 'nginx'], 64, 'EVERY=soon: whole seconds'],
    [
      ['LIVE=/x', 'FALLBACK=/nowhere', 'SERVED=%', '--', 'nginx'],
      78,
      'there is no pair in /x and none in /nowhere',
    ],
  ])('%j ends with %i and the reason', (args, status, words) => {
    const folder = mkdtempSync(join(tmpdir(), 'tls-watch-'));
    const result = spawnSync('sh', [TLS_WATCH, ...args.map((arg) => arg.replace('%', folder))], {
      encoding: 'utf8',
    });
    expect(result.status).toBe(status);
    expect(result.stderr).toContain(`tls-watch: ${words}`);
    rmSync(folder, { recursive: true });
  });
});

/** A TLS connection on which a request was sent. */
async function open(port: number, request: string) {
  const raw = connectTcp(port, '127.0.0.1');
  const socket = connect({ socket: raw, rejectUnauthorized: false, servername: 'localhost' });
  let text = '';
  let isOpen = true;
  socket.on('data', (data) => (text += data));
  for (const event of ['end', 'close', 'error'] as const) socket.on(event, () => (isOpen = false));
  socket.write(request);
  for (let tries = 0; tries < 50 && !text.includes('hello'); tries++)
    await new Promise((done) => setTimeout(done, 100));
  return { text: () => text, open: () => isOpen, close: () => socket.destroy() };
}
