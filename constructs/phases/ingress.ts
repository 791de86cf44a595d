import { isIPv6 } from 'node:net';
import { applicationsOf } from '../catalogue/applications';
import type { RouteSpec } from '../catalogue/spec/route';
import { edge, type IngressProps, nginx } from '../ingress/ingress';
import { DEFAULT_RATE_LIMIT, type RateLimit, type Route } from '../ingress/nginx-routes';
import { certbot } from '../ingress/tls/certbot';
import { insistsOnTls, type TlsPair } from '../ingress/tls/tls';
import type { IConstruct, SwarmService } from '../swarm';
import { certbotOrders, certbotPart } from './certificates';
import type { Gates } from './gates';
import { type Site, sized } from './site';

/** nginx after the applications that it leads to, then the edge; certbot last, for the CA looks for its challenge through them. */
export function ingressPhase(
  site: Site,
  gates: Gates,
  pair: TlsPair,
  after: readonly IConstruct[],
): SwarmService[] {
  const { stack, environment } = site;
  const props = propsOf(site, pair);
  const services: SwarmService[] = [];
  let before = after;
  const declare = (service: SwarmService) => {
    services.push(service);
    before = gates.follow([service]);
  };
  declare(nginx(stack, props, before));
  if (props.edge) declare(edge(stack, { ...props, edge: props.edge }, before));
  if (environment.tls.mode === 'letsencrypt') {
    const orders = certbotOrders(environment.tls, pair, site.projectFolder);
    declare(certbot(stack, { ...sized(site, 'certbot', certbotPart(environment.tls)), ...orders }, before));
  }
  return services;
}

function propsOf(site: Site, pair: TlsPair): IngressProps {
  const { environment } = site;
  const { nginx: spec } = site.spec;
  const ports = new Map(applicationsOf(site.spec).map(([id, application]) => [id, application.port]));
  return {
    ...sized(site, 'nginx', spec),
    replicas: environment.replicas('nginx', 1),
    ports: environment.ports,
    routes: spec.routes.map((route) => routeOf(route, ports.get(route.service)!)),
    hosts: hostsOf(site),
    trustedProxies: environment.trustedProxies,
    tls: pair,
    hsts: insistsOnTls(environment.tls),
    edge: spec.edge ? sized(site, 'edge', { image: spec.image, ...spec.edge }) : undefined,
  };
}

/** Of the server for itself, and for who comes by an ssh tunnel; the self-signed certificate has them, too. */
const OWN = ['localhost', '127.0.0.1'];

/** Under which clients may ask; undefined for any. */
function hostsOf({ spec, environment, stack }: Site): readonly string[] | undefined {
  const { hosts = [] } = spec.nginx;
  if (hosts === 'any') return undefined;
  const { serverName, tls } = environment;
  const names = tls.mode === 'letsencrypt' ? (tls.names ?? []) : [];
  const address = stack.connection.host;
  const all = [serverName, ...names, ...hosts, isIPv6(address) ? `[${address}]` : address, ...OWN];
  return [...new Set(all.map((name) => name.toLowerCase()))];
}

function routeOf({ rate, burst, key, ...route }: RouteSpec<string>, port: number): Route {
  if (rate === false || burst === false) return { ...route, port, rateLimit: false };
  if (rate === undefined && burst === undefined && key === undefined) return { ...route, port };
  const rateLimit: RateLimit = {
    requestsPerSecond: rate ?? DEFAULT_RATE_LIMIT.requestsPerSecond,
    burst: burst ?? DEFAULT_RATE_LIMIT.burst,
    ...(key === undefined || key === 'address' ? {} : { key }),
  };
  return { ...route, port, rateLimit };
}
