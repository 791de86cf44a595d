import { allImages, oneImage } from './platform';
import type { Patch } from './project';

/** Patches by name: `null` takes one away. */
export type Change = Readonly<Record<string, Patch | null>>;

export interface Scenario {
  /** For `--only`. */
  readonly name: string;
  readonly title: string;
  /** Deployed first, without load: these patches and no others. @default what runs */
  readonly before?: Change;
  /** Deployed under load, one after the other. */
  readonly steps: readonly Change[];
  /**
   * `none`: no request fails. `gets`: no GET fails, lost POSTs are counted. `measured`: whatever fails is printed.
   * `must`: a control, in which requests must fail, else the measurement is blind.
   */
  readonly failing: 'none' | 'gets' | 'measured' | 'must';
  /** Whether the apply must end well or badly. @default 'well' */
  readonly apply?: 'well' | 'badly';
  /** Load goes on for so many seconds after the last deploy. @default 3 */
  readonly after?: number;
  /** WebSockets and long requests stay open at these services. @default none */
  readonly guests?: readonly { readonly path: string; readonly service: string }[];
  /** Whether sockets may end without a close frame: nginx has none to send when its grace is over. @default false */
  readonly abruptCloses?: boolean;
  /** It needs nginx's second image. @default false */
  readonly secondNginx?: boolean;
  /** Taken away by hand before `before` is deployed: another service needs its ports. @default none */
  readonly without?: string;
}

const setting = (service: string, name: string, value: string): Patch => ({
  catalogue: `platform.services.${service}.settings = { ...platform.services.${service}.settings, ${name}: '${value}' };`,
});
const each = (statement: string): Patch => ({
  catalogue: `for (const service of Object.values<any>(platform.services)) { ${statement} }`,
});

const SOCKETS = [
  { path: '/monitoring', service: 'monitoringservice' },
  { path: '/notifications', service: 'notificationservice' },
];

/** nginx asks for names every 6 s instead of every 2: later than Swarm's own 2 s, sooner than a drain of 6 s. */
const SLOW_NAMES: Patch = {
  file: { path: 'constructs/ingress/nginx-conf.ts', from: 'valid=1s ipv6=off', to: 'valid=5s ipv6=off' },
};
const STATIC_NAMES: Patch = {
  file: {
    path: 'constructs/ingress/nginx-http.ts',
    from: 'server tasks.${service}:${port} resolve max_fails=0;',
    to: 'server ${service}:${port} max_fails=0;',
  },
};
/** As production observes; the lab's own 10 s would end before these crash. */
const OBSERVE_30_S: Patch = {
  catalogue: 'platform.environments.lab.observe = constructs.Duration.seconds(30);',
};
const ONE_REPLICA = each('service.replicas = 1;');

/** In the order in which they cost the fewest deploys in between. */
export const scenarios: readonly Scenario[] = [
  {
    name: 'scale',
    title: 'scale up, scale down',
    steps: [
      {
        scale: {
          catalogue:
            'platform.services.userservice.replicas = 3; platform.services.analyticsservice.replicas = 2;',
        },
      },
      { scale: null },
    ],
    failing: 'none',
  },
  {
    name: 'setting',
    title: 'a changed setting',
    steps: [{ setting: setting('userservice', 'BENCH', 'changed') }],
    failing: 'none',
  },
  {
    name: 'route',
    title: 'a changed route: nginx rolls',
    steps: [
      {
        route: {
          catalogue: "platform.nginx.routes.push({ path: '/reports', service: 'analyticsservice' });",
        },
      },
    ],
    failing: 'none',
  },
  {
    name: 'images',
    title: 'new images of all six applications',
    steps: [{ images: allImages('v2') }],
    failing: 'none',
  },
  {
    name: 'nginx',
    title: "nginx's image and configuration, with guests",
    steps: [
      {
        nginx: {
          catalogue:
            "platform.nginx.maxBodySize = '51m'; platform.environments.lab.services = { ...platform.environments.lab.services, nginx: { image: 'nginx:1.30-bench' } };",
        },
      },
    ],
    failing: 'none',
    after: 25,
    guests: SOCKETS,
    abruptCloses: true,
    secondNginx: true,
  },
  {
    name: 'websocket',
    title: 'WebSockets and 25 s requests while their services roll',
    steps: [
      {
        monitoring: setting('monitoringservice', 'BENCH', 'sockets'),
        notification: setting('notificationservice', 'BENCH', 'sockets'),
      },
    ],
    failing: 'none',
    guests: SOCKETS,
  },
  {
    name: 'bad',
    title: 'an image that never gets healthy',
    steps: [{ one: oneImage('userservice', 'bad') }],
    failing: 'none',
    apply: 'badly',
  },
  {
    name: 'missing',
    title: 'an image that is not there',
    steps: [{ one: oneImage('userservice', 'missing') }],
    failing: 'none',
    apply: 'badly',
  },
  {
    name: 'crash',
    title: 'crashes 6 s after it is healthy, two replicas',
    steps: [{ one: oneImage('reservationservice', 'crash') }],
    failing: 'gets',
    apply: 'badly',
  },
  {
    name: 'late',
    title: 'crashes 25 s after it is healthy, two replicas',
    steps: [{ observe: OBSERVE_30_S, one: oneImage('reservationservice', 'late') }],
    failing: 'gets',
    apply: 'badly',
  },
  {
    name: 'late-one',
    title: 'crashes 25 s after it is healthy, one replica',
    steps: [{ observe: OBSERVE_30_S, one: oneImage('analyticsservice', 'late') }],
    failing: 'measured',
    apply: 'badly',
  },
  {
    name: 'edge',
    title: "the edge's own update",
    steps: [
      {
        edge: {
          catalogue:
            'platform.nginx.edge = { ...platform.nginx.edge, limits: { cpus: constructs.Cpu.cores(0.25), memory: constructs.Memory.mebibytes(72) } };',
        },
      },
    ],
    failing: 'measured',
  },
  {
    name: 'health-off',
    title: 'control: health check off, a start of 8 s',
    before: {},
    steps: [
      {
        health: {
          catalogue: `const { analyticsservice } = platform.services;
analyticsservice.healthcheck = constructs.Healthcheck.command(['true'], { interval: constructs.Duration.seconds(1) });
analyticsservice.settings = { ...analyticsservice.settings, LAB_STARTUP_SECONDS: '8' };`,
        },
      },
    ],
    failing: 'must',
  },
  {
    name: 'static-name',
    title: 'control: a static upstream name',
    before: { names: STATIC_NAMES },
    steps: [{ setting: setting('userservice', 'BENCH', 'static') }],
    failing: 'must',
  },
  {
    name: 'drain',
    title: 'names kept for 6 s, one replica each, drain on',
    before: { names: SLOW_NAMES, replicas: ONE_REPLICA },
    steps: [{ all: each("service.settings = { ...service.settings, BENCH_ALL: 'drained' };") }],
    failing: 'none',
  },
  {
    name: 'drain-off',
    title: 'control: the same, drain off',
    before: {
      names: SLOW_NAMES,
      replicas: ONE_REPLICA,
      drain: each('service.drain = constructs.Duration.seconds(0);'),
    },
    steps: [{ all: each("service.settings = { ...service.settings, BENCH_ALL: 'not drained' };") }],
    failing: 'must',
  },
  {
    name: 'no-edge',
    title: "nginx's own update, on the ports itself without the edge",
    before: {
      edgeless: {
        catalogue:
          'platform.nginx.edge = false; delete (platform.environments.staging.services as any).edge;',
      },
    },
    without: 'edge',
    steps: [{ body: { catalogue: "platform.nginx.maxBodySize = '51m';" } }],
    failing: 'measured',
  },
];
