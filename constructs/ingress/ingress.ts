import {
  type Construct,
  Healthcheck,
  type IConstruct,
  type OverlayNetwork,
  type PublishedPort,
  type Resources,
  SwarmConfig,
  SwarmService,
  UpdatePolicy,
} from '../swarm';
import { Duration, type ImageRef, type TrustedProxies } from '../units';
import { CONNECTION_COSTS, connectionsOf } from '../units/connections';
import { edgeConf } from './edge-conf';
import { nginxConf, type Route } from './nginx-conf';
import { proxyNetworks } from './nginx-front';
import { nginxTls, SERVED } from './nginx-tls';
import { AFFINITY_SINCE } from './nginx-upstreams';
import { TLS_GROUPS } from './tls/groups';
import type { TlsPair } from './tls/tls';
import { WEBROOT } from './tls/volumes';

export interface EdgeProps {
  readonly image: ImageRef;
  readonly limits: Resources;
  readonly reservations: Resources;
  /** @default stop-first with rollback: two tasks cannot have one host port */
  readonly updatePolicy?: UpdatePolicy | undefined;
  readonly healthcheck?: Healthcheck | undefined;
  readonly acknowledge?: Readonly<Partial<Record<string, string>>> | undefined;
}

export interface IngressProps {
  readonly image: ImageRef;
  readonly network: OverlayNetwork;
  readonly limits: Resources;
  readonly reservations: Resources;
  readonly replicas: number;
  readonly routes: readonly Route[];
  readonly tls: TlsPair;
  /** Strict-Transport-Security. */
  readonly hsts: boolean;
  readonly ports: { readonly http: number; readonly https: number };
  readonly maxBodySize?: string | undefined;
  /** @default any */
  readonly hosts?: readonly string[] | undefined;
  readonly connectionsPerAddress?: number | undefined;
  /** @default nothing stands before the server */
  readonly trustedProxies?: TrustedProxies | undefined;
  /** @default nginx publishes the ports itself, stop-first */
  readonly edge?: EdgeProps | undefined;
  readonly updatePolicy?: UpdatePolicy | undefined;
  readonly healthcheck?: Healthcheck | undefined;
  readonly acknowledge?: Readonly<Partial<Record<string, string>>> | undefined;
}

const HEALTHCHECK = Healthcheck.http('/health', {
  port: 8081,
  startPeriod: Duration.seconds(10),
  interval: Duration.seconds(3),
});

const OPENSSL_CONF = '/etc/nginx/openssl.cnf';
/** Of the image's user nginx; as a number, since it need not have one of that name. */
const NGINX_USER = '101:101';
/** The edge keeps nothing there but its process id: it passes bytes on. Whoever the user is, the image's /tmp is open to it. */
const EDGE_RUNTIME = '/tmp';

/** nginx, which knows routes and certificates. Behind the edge it rolls start-first and drops nothing. */
export function nginx(scope: Construct, props: IngressProps, after: readonly IConstruct[]): SwarmService {
  const behindEdge = props.edge !== undefined;
  checkVersion(props);
  const connections = connectionsOf(props.connectionsPerAddress);
  const conf = new SwarmConfig(scope, 'nginx_conf', {
    content: nginxConf({
      routes: props.routes,
      behindEdge,
      publicHttpsPort: props.ports.https,
      // The same in all modes: a change of mode does not change this file.
      certificate: `${SERVED}/fullchain.pem`,
      certificateKey: `${SERVED}/privkey.pem`,
      acmeWebroot: WEBROOT.target,
      hsts: props.hsts,
      connections,
      ...(props.hosts ? { hosts: props.hosts } : {}),
      front: props.trustedProxies,
      ...(props.maxBodySize ? { maxBodySize: props.maxBodySize } : {}),
    }),
  });
  const { configs = [], ...tls } = nginxTls(scope, props.tls);
  return new SwarmService(
    scope,
    'nginx',
    {
      ...tls,
      image: props.image,
      network: props.network,
      limits: props.limits,
      reservations: props.reservations,
      replicas: props.replicas,
      constraints: ['node.role==manager'],
      configs: [
        { config: conf, target: '/etc/nginx/nginx.conf' },
        { config: new SwarmConfig(scope, 'tls_groups', { content: TLS_GROUPS }), target: OPENSSL_CONF },
        ...configs,
      ],
      environment: { OPENSSL_CONF },
      publishedPorts: behindEdge ? [] : publicPorts(props.ports, 80, 443),
      ingress: true,
      connections: { held: connections, cost: CONNECTION_COSTS.nginx },
      capDrop: ['ALL'],
      // For the master, which reads the key as root and never meets a client: it gives its folders to the workers, becomes
      // their user and signals them. They have none.
      capAdd: ['CHOWN', 'KILL', 'SETGID', 'SETUID'],
      updatePolicy:
        props.updatePolicy ??
        (behindEdge ? UpdatePolicy.startFirst() : UpdatePolicy.stopFirst({ failureAction: 'rollback' })),
      healthcheck: props.healthcheck ?? HEALTHCHECK,
      // QUIT lets requests in hand finish; connections that clients keep open get 10 s (keepalive_min_timeout).
      stopSignal: 'SIGQUIT',
      stopGracePeriod: Duration.seconds(60),
      // Behind the edge what is left after that ends with the grace period; else worker_shutdown_timeout in nginx.conf.
      gracefulTimeout: Duration.seconds(behindEdge ? 50 : 5),
      acknowledge: props.acknowledge ?? {},
    },
    after,
  );
}

/** nginx's own images, whose tags say their version. */
const OFFICIAL = /^docker\.io\/(?:library\/nginx|nginxinc\/nginx-unprivileged):(\d+(?:\.\d+)*)/;

/** As far as the tag says it: `1.30`, `1.29.8-alpine`; of `mainline` and of images of one's own nobody knows. */
function checkVersion({ image, routes }: IngressProps): void {
  const version = OFFICIAL.exec(image.inFull)?.[1]?.split('.').map(Number);
  const at = version?.findIndex((part, index) => part !== AFFINITY_SINCE[index]) ?? -1;
  const older = at >= 0 && version![at]! < (AFFINITY_SINCE[at] ?? 0);
  if (older && routes.some(({ affinity }) => affinity)) {
    throw new Error(
      `${image.tagged} does not know affinity, which nginx has since ${AFFINITY_SINCE.join('.')}\n  write a newer image for nginx, or leave affinity out`,
    );
  }
}

/** What holds the node's ports: TCP alone, so that it hardly ever changes. Its own update interrupts for about a second. */
export function edge(
  scope: Construct,
  props: IngressProps & { edge: NonNullable<IngressProps['edge']> },
  after: readonly IConstruct[],
): SwarmService {
  const connections = connectionsOf(props.connectionsPerAddress);
  const conf = new SwarmConfig(scope, 'edge_conf', {
    content: edgeConf({
      connections,
      runtimeFolder: EDGE_RUNTIME,
      idleTimeout: longestIdle(props.routes),
      trustedProxies: proxyNetworks(props.trustedProxies),
    }),
  });
  return new SwarmService(
    scope,
    'edge',
    {
      image: props.edge.image,
      limits: props.edge.limits,
      reservations: props.edge.reservations,
      acknowledge: props.edge.acknowledge ?? {},
      network: props.network,
      replicas: 1,
      constraints: ['node.role==manager'],
      configs: [{ config: conf, target: '/etc/nginx/nginx.conf' }],
      publishedPorts: publicPorts(props.ports, 80, 443),
      ingress: true,
      connections: { held: connections, cost: CONNECTION_COSTS.edge },
      user: NGINX_USER,
      capDrop: ['ALL'],
      readOnlyRoot: true,
      mounts: [{ type: 'tmpfs', target: EDGE_RUNTIME }],
      updatePolicy: props.edge.updatePolicy ?? UpdatePolicy.stopFirst({ failureAction: 'rollback' }),
      healthcheck: props.edge.healthcheck ?? HEALTHCHECK,
      stopSignal: 'SIGQUIT',
      // Open connections end with it either way: waiting for them would only make the interruption longer.
      stopGracePeriod: Duration.seconds(10),
    },
    after,
  );
}

const publicPorts = (ports: IngressProps['ports'], http: number, https: number): PublishedPort[] => [
  { published: ports.http, target: http },
  { published: ports.https, target: https },
];

/** The edge cuts no connection that nginx still waits on. */
const longestIdle = (routes: readonly Route[]): Duration =>
  routes
    .flatMap(({ timeout, websocketTimeout }) => [timeout ?? [], websocketTimeout ?? []].flat())
    .reduce((longest, one) => (longest.isShorterThan(one) ? one : longest), Duration.hours(1));
