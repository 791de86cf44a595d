import { createServer } from 'node:http';
import { connectionsOf } from '../../../../constructs/units/connections';
import { RefusedCounter } from '../../../../operations/status/refused';
import { Attacker } from '../../../../proof/attack/attacker';
import { ATTACKS, type Attack, FLOODS } from '../../../../proof/attack/attacks';
import { runLoad } from '../../../../proof/load/run';
import { Entrance, type EntranceOptions } from '../../../support/nginx/entrance';
import { findNginx } from '../../../support/nginx/nginx';

const nginx = findNginx();
const SECONDS = 6;

async function service(port: number): Promise<() => void> {
  const server = createServer((_, response) => response.end(JSON.stringify({ service: 'app' })));
  await new Promise<void>((done) => server.listen(port, '127.0.0.1', done));
  return () => {
    server.closeAllConnections();
    server.close();
  };
}

const stream = (name: string, keepAlive: boolean) => ({
  name,
  keepAlive,
  method: 'GET' as const,
  path: '/',
  service: 'app',
  clients: 5,
  requestsPerSecond: 20,
  from: ['127.0.0.3', '127.0.0.4', '127.0.0.5'],
});

/** What honest clients at other addresses see of an attack, and how many workers it killed. */
async function underAttack(attack: Attack, options: EntranceOptions = {}) {
  const entrance = await new Entrance(nginx!).start({
    service,
    ...options,
    conf: { maxBodySize: '50m', ...options.conf },
  });
  try {
    const target = { address: '127.0.0.1', port: attack.tls === false ? entrance.http : entrance.https };
    const attacker = new Attacker(attack, { ...target, from: '127.0.0.2' });
    attacker.start();
    await new Promise((done) => setTimeout(done, 1500));
    const plan = {
      target: { address: '127.0.0.1', port: entrance.https, tls: true },
      streams: [stream('kept', true), stream('new', false)],
      maxSeconds: SECONDS,
      maxRequests: 10_000,
      timeoutSeconds: 5,
    };
    const load = await runLoad(plan, new AbortController().signal);
    const counter = new RefusedCounter();
    const toll = attacker.stop();
    counter.add(entrance.nginx.output());
    counter.add(entrance.edge.output());
    return { load, toll, workers: counter.result().workers };
  } finally {
    await entrance.remove();
  }
}

// With time-outs of clients: a machine that does something else beside it fails some. `entrance.test.ts` counts without them.
const wanted = process.env.ATTACK !== undefined;

(nginx && wanted ? describe : describe.skip)(
  nginx
    ? `one address attacks nginx ${nginx.version}; ATTACK=1`
    : 'SKIPPED: no nginx >= 1.27.4 (set NGINX_BIN)',
  () => {
    test.each(ATTACKS.map((attack) => [attack.title, attack] as const))(
      '%s: no request of others fails',
      async (_, attack) => {
        const { load, toll, workers } = await underAttack(attack);
        expect({ failed: load.failed, kinds: load.kinds, workers }).toEqual({
          failed: 0,
          kinds: {},
          workers: 0,
        });
        expect(load.requests).toBeGreaterThan(100);
        expect(toll.tried).toBeGreaterThan(20);
      },
      60_000,
    );

    test.each([
      ['counted', (conf: string) => conf, 'none'],
      ['not counted', (conf: string) => conf.replace(/limit_conn address \d+;/, ''), 'some'],
    ] as const)(
      'requests half sent, connections of an address %s',
      async (_, spoil, expected) => {
        const { load } = await underAttack(
          { ...FLOODS.headers, perSecond: 200 },
          { connections: connectionsOf(50), spoil },
        );
        expect(load.failed > 0 ? 'some' : 'none').toBe(expected);
      },
      60_000,
    );
  },
);
