import {
  allImages,
  type ConfigPatch,
  eachService as each,
  oneImage,
  type Patch,
  setting,
} from '../platform/patch';
import type { Scenario } from '../runner/scenario';
import { guests } from '../watch/guests';
import { viewers } from '../watch/viewers';

const SOCKETS = [
  { path: '/monitoring', service: 'monitoringservice' },
  { path: '/notifications', service: 'notificationservice' },
];

/** nginx asks for names every 6 s instead of every 2: later than Swarm's own 2 s, sooner than a drain of 6 s. */
const SLOW_NAMES: Patch = nginxConf('valid=1s ipv6=off;', 'valid=5s ipv6=off;');
/** The service's name, which nginx asks for once, when it starts. */
const STATIC_NAMES: Patch = nginxConf('server tasks\\.(\\S+) resolve ', 'server $1 ');
/** As production observes; the lab's own 10 s would end before these crash. */
const OBSERVE_30_S: Patch = {
  catalogue: 'platform.environments.lab.observe = constructs.Duration.seconds(30);',
};
const ONE_REPLICA = each('service.replicas = 1;');

/** In the order in which they cost the fewest deploys in between. */
export const rolls: readonly Scenario[] = [
  {
    name: 'scale',
    title: 'scale up, scale down',
    steps: [
      {
        change: {
          scale: {
            catalogue:
              'platform.services.userservice.replicas = 3; platform.services.analyticsservice.replicas = 2;',
          },
        },
      },
      { change: { scale: null } },
    ],
    failing: 'none',
  },
  {
    name: 'setting',
    title: 'a changed setting',
    steps: [{ change: { setting: setting('userservice', 'BENCH', 'changed') } }],
    failing: 'none',
  },
  {
    name: 'route',
    title: 'a changed route: nginx rolls',
    steps: [
      {
        change: {
          route: {
            catalogue: "platform.nginx.routes.push({ path: '/reports', service: 'analyticsservice' });",
          },
        },
      },
    ],
    failing: 'none',
  },
  {
    name: 'images',
    title: 'new images of all six applications',
    steps: [{ change: { images: allImages('v2') } }],
    failing: 'none',
  },
  {
    name: 'nginx',
    title: "nginx's image and configuration, with guests",
    steps: [
      {
        change: {
          nginx: {
            catalogue:
              "platform.nginx.maxBodySize = '51m'; platform.environments.lab.services = { ...platform.environments.lab.services, nginx: { image: 'nginx:1.30-bench' } };",
          },
        },
      },
    ],
    failing: 'none',
    after: 25,
    prepare: (bench) => bench.publishSecondNginx(),
    watches: [guests({ at: SOCKETS, abruptCloses: true })],
  },
  {
    name: 'websocket',
    title: 'WebSockets and 25 s requests while their services roll',
    steps: [
      {
        change: {
          monitoring: setting('monitoringservice', 'BENCH', 'sockets'),
          notification: setting('notificationservice', 'BENCH', 'sockets'),
        },
      },
    ],
    failing: 'none',
    // The drain of 6 s, in which nginx has forgotten a task that still has its viewers, and what else its end takes.
    watches: [guests({ at: SOCKETS }), viewers({ at: SOCKETS, mostUnseen: 15 })],
    after: 5,
  },
  {
    name: 'bad',
    title: 'an image that never gets healthy',
    steps: [{ change: { one: oneImage('userservice', 'bad') }, apply: 'badly' }],
    failing: 'none',
  },
  {
    name: 'missing',
    title: 'an image that is not there',
    steps: [{ change: { one: oneImage('userservice', 'missing') }, apply: 'badly' }],
    failing: 'none',
  },
  {
    name: 'crash',
    title: 'crashes 6 s after it is healthy, two replicas',
    steps: [{ change: { one: oneImage('reservationservice', 'crash') }, apply: 'badly' }],
    failing: 'gets',
  },
  {
    name: 'late',
    title: 'crashes 25 s after it is healthy, two replicas',
    steps: [
      { change: { observe: OBSERVE_30_S, one: oneImage('reservationservice', 'late') }, apply: 'badly' },
    ],
    failing: 'gets',
  },
  {
    name: 'late-one',
    title: 'crashes 25 s after it is healthy, one replica',
    steps: [{ change: { observe: OBSERVE_30_S, one: oneImage('analyticsservice', 'late') }, apply: 'badly' }],
    failing: 'measured',
  },
  {
    name: 'edge',
    title: "the edge's own update",
    steps: [
      {
        change: {
          edge: {
            catalogue:
              'platform.nginx.edge = { ...platform.nginx.edge, limits: { cpus: constructs.Cpu.cores(0.25), memory: constructs.Memory.mebibytes(200) } };',
          },
        },
      },
    ],
    failing: 'measured',
  },
  {
    // A start longer than the interval of patient health checks, after which its first check is.
    name: 'health-off',
    title: 'control: health check off, a start of 16 s',
    before: {},
    steps: [
      {
        change: {
          health: {
            catalogue: `const { analyticsservice } = platform.services;
analyticsservice.healthcheck = constructs.Healthcheck.command(['true'], { interval: constructs.Duration.seconds(1) });
analyticsservice.settings = { ...analyticsservice.settings, LAB_STARTUP_SECONDS: '16' };`,
          },
        },
      },
    ],
    failing: 'must',
  },
  {
    name: 'static-name',
    title: 'control: a static upstream name',
    before: { change: { names: STATIC_NAMES } },
    steps: [{ change: { setting: setting('userservice', 'BENCH', 'static') } }],
    failing: 'must',
  },
  {
    name: 'drain',
    title: 'names kept for 6 s, one replica each, drain on',
    before: { change: { names: SLOW_NAMES, replicas: ONE_REPLICA } },
    steps: [{ change: { all: each("service.settings = { ...service.settings, BENCH_ALL: 'drained' };") } }],
    failing: 'none',
  },
  {
    name: 'drain-off',
    title: 'control: the same, drain off',
    before: {
      change: {
        names: SLOW_NAMES,
        replicas: ONE_REPLICA,
        drain: each('service.drain = constructs.Duration.seconds(0);'),
      },
    },
    steps: [
      { change: { all: each("service.settings = { ...service.settings, BENCH_ALL: 'not drained' };") } },
    ],
    failing: 'must',
  },
  {
    name: 'no-edge',
    title: "nginx's own update, on the ports itself without the edge",
    before: {
      change: {
        edgeless: {
          catalogue:
            'platform.nginx.edge = false; delete (platform.environments.staging.services as any).edge;',
        },
      },
    },
    // Its ports are nginx's then.
    prepare: (bench) => bench.takeAway('edge'),
    steps: [{ change: { body: { catalogue: "platform.nginx.maxBodySize = '51m';" } } }],
    failing: 'measured',
  },
];

function nginxConf(from: ConfigPatch['from'], to: string): Patch {
  return { config: { id: 'nginx_conf', from, to } };
}
