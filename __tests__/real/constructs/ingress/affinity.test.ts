import { request } from 'node:https';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { RequestPart } from '../../../../constructs/units';
import { findNginx } from '../../../support/nginx/nginx';
import { RoutedNginx } from '../../../support/nginx/routed-nginx';
import { ask } from '../../../support/programs/loopback';

const nginx = findNginx();
const [, major = 0, minor = 0, patch = 0] = nginx?.version.match(/^(\d+)\.(\d+)\.(\d+)/)?.map(Number) ?? [];
const isNewEnough = major > 1 || (major === 1 && (minor > 29 || (minor === 29 && patch >= 6)));
const withNginx = isNewEnough ? describe : describe.skip;

/** A task that keeps in memory who watches what, as monitoring and notifications do: `/any/sessions/<id>/stream` and `…/frame`. */
class Watched {
  readonly viewers = new Map<string, Set<Socket>>();
  private stop = () => {};

  async start(entrance: RoutedNginx, address: string): Promise<void> {
    this.stop = await entrance.task(
      address,
      (request, response) => {
        if (request.url?.endsWith('/missing')) response.statusCode = 404;
        for (const viewer of this.viewers.get(idOf(request.url)) ?? []) viewer.write('F');
        response.end(address);
      },
      (request, socket) => {
        const id = idOf(request.url);
        this.viewers.set(id, (this.viewers.get(id) ?? new Set()).add(socket));
        socket.on('close', () => this.viewers.get(id)?.delete(socket));
        socket.write(
          'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\nhello',
        );
      },
    );
  }

  end = () => this.stop();
}
const idOf = (url = '') => url.split('/')[3] ?? '';

/** Somebody who watches a session, and comes back when he is cut off. */
class Viewer {
  frames = 0;
  connected = 0;
  private stream: Duplex | undefined;
  private left = false;

  constructor(private readonly url: string) {}

  watch(): Promise<void> {
    return new Promise((done, fail) => {
      const headers = { Connection: 'Upgrade', Upgrade: 'websocket' };
      const asked = request(this.url, { agent: false, rejectUnauthorized: false, headers });
      asked.on('error', fail);
      asked.on('response', ({ statusCode }) => fail(new Error(`status ${statusCode}`)));
      asked.on('upgrade', (_, stream, head) => {
        this.stream = stream;
        this.connected++;
        const count = (data: Buffer) => (this.frames += String(data).match(/F/g)?.length ?? 0);
        count(head);
        stream.on('data', count);
        stream.on('error', () => {});
        stream.on('close', () => {
          if (!this.left) this.watch().catch(() => {});
        });
        done();
      });
      asked.end();
    });
  }

  leave(): void {
    this.left = true;
    this.stream?.destroy();
  }
}

withNginx(
  nginx ? `affinity of nginx ${nginx.version}` : 'SKIPPED: no nginx >= 1.29.6 (set NGINX_BIN)',
  () => {
    let entrance: RoutedNginx;
    const tasks = new Map<string, Watched>();

    const start = async (address: string) => {
      const task = new Watched();
      tasks.set(address, task);
      await task.start(entrance, address);
    };
    const open = async (affinity?: RequestPart) => {
      entrance = new RoutedNginx(nginx!);
      tasks.clear();
      for (const address of ['127.0.22.1', '127.0.22.2']) await start(address);
      entrance.name('watched', '127.0.22.1', '127.0.22.2');
      const route = { path: '/any', service: 'watched', websocket: true, rateLimit: false as const };
      await entrance.open([{ ...route, ...(affinity ? { affinity } : {}) }]);
    };
    afterEach(() => entrance.close());

    const viewersOf = async (ids: readonly string[]) => {
      const viewers = new Map(
        ids.map((id) => [id, new Viewer(`${entrance.base}/any/sessions/${id}/stream?token=1`)]),
      );
      for (const viewer of viewers.values()) await viewer.watch();
      return viewers;
    };
    /** How many of `each` frames every viewer has seen. */
    const shares = async (viewers: ReadonlyMap<string, Viewer>, each: number) => {
      for (const viewer of viewers.values()) viewer.frames = 0;
      for (let frame = 0; frame < each; frame++) {
        for (const id of viewers.keys()) {
          await ask(`${entrance.base}/any/sessions/${id}/frame`, { method: 'POST' });
        }
      }
      await new Promise((done) => setTimeout(done, 200));
      return [...viewers.values()].map(({ frames }) => frames);
    };
    const IDS = ['a1', 'b2', 'c3', 'd4', 'e5', 'f6'];
    const all = (each: number) => IDS.map(() => each);

    test('without it frames go to the task that has not the viewer', async () => {
      await open();
      const viewers = await viewersOf(['a1']);
      const [seen = 0] = await shares(viewers, 30);
      expect(seen).toBeLessThan(30);
      for (const viewer of viewers.values()) viewer.leave();
    }, 20_000);

    test('with it every frame reaches its viewers, who are spread over the tasks', async () => {
      await open({ path: 3 });
      const viewers = await viewersOf(IDS);
      expect(
        [...tasks.values()].filter((task) => [...task.viewers.values()].some(({ size }) => size > 0)),
      ).toHaveLength(2);
      expect(await shares(viewers, 30)).toEqual(all(30));
      for (const viewer of viewers.values()) viewer.leave();
    }, 20_000);

    test('a roll moves nobody but those whose task ends, and they find together again', async () => {
      await open({ path: 3 });
      const viewers = await viewersOf(IDS);
      const roll = async (gone: string, next: string, stays: string) => {
        await start(next);
        entrance.name('watched', gone, stays, next);
        await entrance.forgets();
        // The new one takes nobody over.
        expect(await shares(viewers, 5)).toEqual(all(5));
        entrance.name('watched', stays, next);
        await entrance.forgets();
        const moved = [...tasks.get(gone)!.viewers.values()].filter(({ size }) => size > 0).length;
        const before = [...viewers.values()].reduce((sum, { connected }) => sum + connected, 0);
        tasks.get(gone)!.end();
        await new Promise((done) => setTimeout(done, 500));
        const after = [...viewers.values()].reduce((sum, { connected }) => sum + connected, 0);
        expect(after - before).toBe(moved);
        expect(await shares(viewers, 5)).toEqual(all(5));
      };
      await roll('127.0.22.1', '127.0.22.3', '127.0.22.2');
      await roll('127.0.22.2', '127.0.22.4', '127.0.22.3');
      for (const viewer of viewers.values()) viewer.leave();
    }, 60_000);

    test('while a task drains, its viewers see no frames: nginx has forgotten it, and they are still there', async () => {
      await open({ path: 3 });
      const viewers = await viewersOf(['a1']);
      const old = [...tasks].find(([, { viewers: watching }]) => watching.size > 0)![0];
      entrance.name('watched', ...[...tasks.keys()].filter((address) => address !== old));
      await entrance.forgets();
      expect(await shares(viewers, 5)).toEqual([0]);
      tasks.get(old)!.end();
      await new Promise((done) => setTimeout(done, 500));
      expect(await shares(viewers, 5)).toEqual([5]);
      for (const viewer of viewers.values()) viewer.leave();
    }, 30_000);

    const taskOf = async (path: string, headers: Record<string, string> = {}) =>
      (await ask(entrance.base + path, { headers })).body;
    const times = async (count: number, one: () => Promise<string>) => {
      const seen = new Set<string>();
      for (let time = 0; time < count; time++) seen.add(await one());
      return seen.size;
    };

    test.each<[RequestPart, (value: string) => Record<string, string>]>([
      [{ cookie: '__Host-room' }, (value) => ({ cookie: `a=b; __Host-room=${value}; c=d` })],
      [{ header: 'X-Room' }, (value) => ({ 'x-room': value })],
    ])(
      'by %j; without it any task will do',
      async (affinity, headers) => {
        await open(affinity);
        for (const value of ['1', '2', '3'])
          expect(await times(6, () => taskOf('/any', headers(value)))).toBe(1);
        expect(await times(20, () => taskOf('/any'))).toBe(2);
      },
      20_000,
    );

    test('a path that ends before the part is without it', async () => {
      await open({ path: 3 });
      expect(await times(20, () => taskOf('/any/sessions?id=/x/y/z'))).toBe(2);
      expect(await times(20, () => taskOf('/any/sessions/'))).toBe(2);
      expect(await times(6, () => taskOf('/any/sessions/7?a=b'))).toBe(1);
    }, 20_000);

    test('a reload, as for a renewed certificate, forgets nothing', async () => {
      await open({ path: 3 });
      const before = new Map<string, string>();
      for (const id of IDS) before.set(id, await taskOf(`/any/sessions/${id}/x`));
      expect(new Set(before.values()).size).toBe(2);
      entrance.reload();
      await entrance.forgets();
      for (const id of [...IDS].reverse()) expect(await taskOf(`/any/sessions/${id}/x`)).toBe(before.get(id));
    }, 20_000);

    test('a task that cannot be reached hands on whom it had', async () => {
      await open({ path: 3 });
      const before = await taskOf('/any/sessions/7/x');
      tasks.get(before)!.end();
      const after = await taskOf('/any/sessions/7/x');
      expect(after).not.toBe(before);
      await start(before);
      expect(await times(6, () => taskOf('/any/sessions/7/x'))).toBe(1);
      expect(await taskOf('/any/sessions/7/x')).toBe(after);
    }, 20_000);

    test('an answer of 404 teaches nothing: names that are made up push no others out', async () => {
      await open({ path: 3 });
      expect(await times(20, () => taskOf('/any/sessions/8/missing'))).toBe(2);
    }, 20_000);
  },
);
