import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { edgeConf } from '../../../../constructs/ingress/edge-conf';
import type { NginxConfOptions, Route } from '../../../../constructs/ingress/nginx-conf';
import type { TrustedProxies } from '../../../../constructs/units';
import { eventually } from '../../../../lab/ground/shell';
import { findNginx, NginxFolder } from '../../../support/nginx/nginx';
import { RoutedNginx } from '../../../support/nginx/routed-nginx';
import { ask, freePorts } from '../../../support/programs/loopback';

const nginx = findNginx();
const withNginx = nginx ? describe : describe.skip;

/** A CDN's networks: the addresses from which a test connects. */
const networks = ['127.8.0.0/16', '2001:db8:c::/48'];
const [CDN, INNER, DIRECT] = ['127.8.0.1', '127.8.7.7', '127.9.0.1'];
const ROUTES: Omit<Route, 'port'>[] = [
  { path: '/', service: 'web' },
  { path: '/limited', service: 'web', rateLimit: { requestsPerSecond: 0.05, burst: 1 } },
  {
    path: '/class',
    service: 'web',
    rateLimit: { requestsPerSecond: 0.05, burst: 1, key: { cookie: 'session' } },
  },
  { path: '/socket', service: 'web', websocket: true },
];

withNginx(
  nginx ? `what stands before nginx ${nginx.version}` : 'SKIPPED: no nginx >= 1.27.4 (set NGINX_BIN)',
  () => {
    let entrance: RoutedNginx;
    let edge: NginxFolder | undefined;
    let port: number;

    async function open(front: TrustedProxies, behindEdge: boolean): Promise<void> {
      entrance = new RoutedNginx(nginx!);
      entrance.name('web', '127.0.23.1');
      entrance.name('nginx', '127.0.0.1');
      await entrance.task('127.0.23.1', (request, response) => response.end(JSON.stringify(request.headers)));
      const options: Partial<NginxConfOptions> = behindEdge
        ? { front, behindEdge, trustedProxies: ['127.0.0.1'] }
        : { front };
      await entrance.open(ROUTES, options);
      port = entrance.port;
      if (!behindEdge) return;
      const [http, https, health] = (await freePorts(3)) as [number, number, number];
      edge = new NginxFolder(nginx!);
      const text = edgeConf({
        servicePorts: entrance.ports,
        ports: { http, https, health },
        resolver: entrance.resolver,
        runtimeFolder: edge.path,
        trustedProxies: 'proxyProtocol' in front ? front.networks : undefined,
      });
      await edge.start(text, () => ask(`http://127.0.0.1:${health}/health`));
      // Until it knows where nginx is.
      await entrance.forgets();
      port = https;
    }
    afterEach(async () => {
      await edge?.remove();
      edge = undefined;
      await entrance.close();
    });

    const get = (path: string, localAddress: string, headers: Record<string, string> = {}) =>
      ask(`https://127.0.0.1:${port}${path}`, { localAddress, headers });
    const seen = async (localAddress: string, header?: string, name = 'X-Forwarded-For') => {
      const answer = await get('/', localAddress, header === undefined ? {} : { [name]: header });
      const { 'x-real-ip': address, 'x-forwarded-for': list } = JSON.parse(answer.body);
      expect(list).toBe(address);
      return address;
    };
    /** A client that begins its connection with the PROXY protocol. */
    const speak = (localAddress: string, line: string, path = '/') =>
      new Promise<string>((done, fail) => {
        const socket = connect({ port, host: '127.0.0.1', localAddress }, () => {
          socket.write(line);
          const tls = connectTls({ socket, rejectUnauthorized: false }, () =>
            tls.write(`GET ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`),
          );
          let text = '';
          tls.on('data', (data) => (text += data));
          tls.on('end', () => done(text));
          tls.on('error', fail);
        });
        socket.on('error', fail);
      });

    describe.each([true, false])('a header, behind the edge: %s', (behindEdge) => {
      test('of a trusted network says who the client is, and nobody else’s does', async () => {
        await open({ networks, header: 'X-Forwarded-For' }, behindEdge);
        expect(await seen(CDN, '203.0.113.7')).toBe('203.0.113.7');
        expect(await seen(DIRECT, '203.0.113.7')).toBe(DIRECT);
        expect(await seen(CDN)).toBe(CDN);
        // What the client itself had claimed stands before it.
        expect(await seen(CDN, '6.6.6.6, 203.0.113.7')).toBe('203.0.113.7');
        expect(await seen(CDN, `6.6.6.6, 203.0.113.7, ${INNER}`)).toBe('203.0.113.7');
        expect(await seen(CDN, '6.6.6.6, 2001:db8::7, 2001:db8:c::1')).toBe('2001:db8::7');
        expect(await seen(CDN, '203.0.113.7:4711')).toBe('203.0.113.7');
        expect(await seen(CDN, '[2001:db8::7]:4711')).toBe('2001:db8::7');
        expect(await seen(CDN, 'unknown')).toBe(CDN);
        expect(await seen(CDN, '203.0.113.7;evil')).toBe(CDN);
        expect(await eventually(10, () => /^203\.0\.113\.7 \[/m.test(entrance.output()))).toBe(true);
      }, 30_000);

      test('makes users of a CDN clients of their own', async () => {
        await open({ networks, header: 'CF-Connecting-IP' }, behindEdge);
        expect(await seen(CDN, '203.0.113.8', 'CF-Connecting-IP')).toBe('203.0.113.8');
        for (const path of ['/limited', '/class']) {
          for (const client of ['203.0.113.1', '203.0.113.2']) {
            const headers = { 'CF-Connecting-IP': client };
            const answers = await Promise.all([1, 2, 3, 4].map(() => get(path, CDN, headers)));
            expect(answers.filter(({ status }) => status === 200)).toHaveLength(2);
          }
        }
        const socket = await get('/socket', CDN, { 'CF-Connecting-IP': '203.0.113.3' });
        expect(JSON.parse(socket.body)).toMatchObject({ 'x-real-ip': '203.0.113.3' });
      }, 30_000);
    });

    describe.each([true, false])('the PROXY protocol, behind the edge: %s', (behindEdge) => {
      test('of a trusted network says who the client is, and nobody gets in without it', async () => {
        await open({ networks, proxyProtocol: true }, behindEdge);
        const line = 'PROXY TCP4 203.0.113.9 203.0.113.1 4711 443\r\n';
        expect(await speak(CDN, line)).toContain('"x-real-ip":"203.0.113.9"');
        expect(await speak(DIRECT, line)).toContain(`"x-real-ip":"${DIRECT}"`);
        await expect(get('/', CDN)).rejects.toThrow();
      }, 30_000);
    });

    test('without a word everybody behind a CDN is one client', async () => {
      await open({ networks: ['127.250.0.0/16'], header: 'X-Forwarded-For' }, true);
      const statuses = new Set<number>();
      for (const client of ['203.0.113.1', '203.0.113.2', '203.0.113.3']) {
        statuses.add((await get('/limited', CDN, { 'X-Forwarded-For': client })).status);
      }
      expect(statuses).toContain(429);
    }, 30_000);
  },
);
