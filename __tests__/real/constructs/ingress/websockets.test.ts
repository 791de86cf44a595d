import { edgeConf } from '../../../../constructs/ingress/edge-conf';
import { nginxConf } from '../../../../constructs/ingress/nginx-conf';
import { type OpenSocket, openSocket } from '../../../../proof/load/websocket';
import { findNginx, NginxFolder } from '../../../support/nginx/nginx';
import { ask, certificatePair, freePorts, startDns } from '../../../support/programs/loopback';
import { SocketService } from '../../../support/programs/socket-service';

const found = findNginx();
const withNginx = found ? describe : describe.skip;

/** What a client's WebSocket sees on each path by which it can end; docs/design.md has the table. */
withNginx(found ? `WebSockets through nginx ${found.version}` : 'SKIPPED: no nginx >= 1.27.4', () => {
  let service: SocketService;
  let stopDns: () => void;
  let nginx: NginxFolder;
  let edge: NginxFolder | undefined;
  let port: number;

  async function start({ behindEdge }: { behindEdge: boolean }): Promise<OpenSocket> {
    const [http, https, health, outerHttp, outerHttps, outerHealth, dns, app] = (await freePorts(8)) as [
      ...Array<number>,
    ] & { length: 8 };
    stopDns = await startDns(dns!, new Set(['tasks.nginx', 'tasks.app']));
    service = new SocketService();
    await service.start(app!);
    const resolver = `127.0.0.1:${dns}`;
    nginx = new NginxFolder(found!);
    const text = nginxConf({
      ...certificatePair(nginx.path),
      routes: [{ path: '/', service: 'app', port: app!, websocket: true }],
      behindEdge,
      ports: { http: http!, https: https!, health: health! },
      ...(behindEdge ? { trustedProxies: ['127.0.0.0/8'] } : { shutdownTimeout: 1 }),
      resolver,
      runtimeFolder: nginx.path,
    });
    await nginx.start(text, () => ask(`http://127.0.0.1:${health}/health`));
    port = https!;
    if (behindEdge) {
      edge = new NginxFolder(found!);
      port = outerHttps!;
      const outer = edgeConf({
        servicePorts: { http: http!, https: https! },
        ports: { http: outerHttp!, https: outerHttps!, health: outerHealth! },
        resolver,
        runtimeFolder: edge.path,
      });
      await edge.start(outer, () => ask(`https://127.0.0.1:${port}/`));
    }
    const socket = await openFirst();
    expect(await socket.echo('?', 5)).toBe('here');
    return socket;
  }
  /** nginx answers, with 502, before it knows where the names of its services are. */
  async function openFirst(tries = 100): Promise<OpenSocket> {
    try {
      return await open();
    } catch (error) {
      if (tries === 0 || !String(error).includes('status 502')) throw error;
      await pause(0.05);
      return openFirst(tries - 1);
    }
  }
  const open = () => openSocket({ address: '127.0.0.1', port, path: '/', from: '127.0.0.1' });
  const pause = (seconds: number) => new Promise((done) => setTimeout(done, seconds * 1000));

  afterEach(async () => {
    service.stop();
    await edge?.remove();
    await nginx.remove();
    edge = undefined;
    stopDns();
  });

  test.each([1001, 1012])(
    'a service that closes with %i is heard by its client',
    async (code) => {
      const socket = await start({ behindEdge: true });
      service.closeAll(code);
      expect(await socket.closed).toBe(code);
    },
    30_000,
  );

  test('one that just ends is 1006: nobody after it can close in its name', async () => {
    const socket = await start({ behindEdge: true });
    service.dropAll();
    expect(await socket.closed).toBe(1006);
  }, 30_000);

  test('behind the edge a reload is not seen at all', async () => {
    const socket = await start({ behindEdge: true });
    nginx.reload();
    await pause(2);
    expect(await socket.echo('?', 5)).toBe('here');
    service.closeAll(1012);
    expect(await socket.closed).toBe(1012);
  }, 30_000);

  test('behind the edge an nginx that stops keeps what is open, and goes with the last of it', async () => {
    const socket = await start({ behindEdge: true });
    const gone = nginx.quit();
    await pause(2);
    expect(await socket.echo('?', 5)).toBe('here');
    service.closeAll(1001);
    expect(await socket.closed).toBe(1001);
    await gone;
  }, 30_000);

  test('the edge’s own update is 1006, within its second', async () => {
    const socket = await start({ behindEdge: true });
    const gone = edge!.quit();
    expect(await socket.closed).toBe(1006);
    expect(await gone).toBeLessThan(5_000);
  }, 30_000);

  test('without the edge a reload, too, cuts what is open, once worker_shutdown_timeout is over', async () => {
    const socket = await start({ behindEdge: false });
    nginx.reload();
    expect(await socket.closed).toBe(1006);
    const next = await open();
    expect(await next.echo('?', 5)).toBe('here');
  }, 30_000);

  test('without the edge so does an nginx that stops', async () => {
    const socket = await start({ behindEdge: false });
    const gone = nginx.quit();
    expect(await socket.closed).toBe(1006);
    expect(await gone).toBeLessThan(5_000);
  }, 30_000);
});
