import type { TrustedProxies } from '../units';
import type { Connections } from '../units/connections';
import type { Route } from './nginx-routes';

/** Of a request, where nothing else is said. */
export const MAX_BODY_SIZE = '1m';

export interface NginxConfOptions {
  readonly routes: readonly Route[];
  /**
   * Host names and addresses under which clients may ask. Any other gets 421, and reaches no service.
   * @default - any
   */
  readonly hosts?: readonly string[];
  /** nginx stands behind the edge, which speaks the PROXY protocol to it and publishes the ports. */
  readonly behindEdge: boolean;
  /**
   * Networks that may tell the client's address (CIDR). Only with `behindEdge`.
   * @default - the private ranges of RFC 1918: only the overlay reaches these unpublished ports
   */
  readonly trustedProxies?: readonly string[];
  /**
   * What stands before the server.
   * @default - nothing: who connects is the client
   */
  readonly front?: TrustedProxies | undefined;
  /**
   * Largest request body, in nginx's notation.
   * @default '1m'
   */
  readonly maxBodySize?: string;
  /** @default - `connectionsOf()` */
  readonly connections?: Connections;
  /** @default '/run/secrets/fullchain.pem' */
  readonly certificate?: string;
  /** @default '/run/secrets/privkey.pem' */
  readonly certificateKey?: string;
  /**
   * Strict-Transport-Security for two years. Not with a self-signed pair: browsers then refuse it, with no way to click past.
   * @default false
   */
  readonly hsts?: boolean;
  /**
   * Port of HTTPS as clients see it; redirects and forwarded headers name it.
   * @default 443
   */
  readonly publicHttpsPort?: number;
  /**
   * Seconds that nginx waits for a service's next byte where a route says nothing else.
   * @default - 60 for a request, 3600 for a WebSocket
   */
  readonly readTimeouts?: { readonly request?: number; readonly websocket?: number };
  /**
   * Seconds that old workers get for their connections, when nginx stops and also when it reloads. Without the edge nginx is
   * stop-first, and each of these seconds is an outage for new connections.
   * @default - no end behind the edge: a reload for a new certificate must not cut WebSockets, and a task that stops ends
   * with its stopGracePeriod; 5 without the edge
   */
  readonly shutdownTimeout?: number;
  /**
   * Folder that serves `/.well-known/acme-challenge/` over HTTP.
   * @default - none
   */
  readonly acmeWebroot?: string;
  /** @default - 80 and 443; 8080 and 8443 behind the edge; 8081 on loopback for the container's health check */
  readonly ports?: { readonly http?: number; readonly https?: number; readonly health?: number };
  /** @default '127.0.0.11' - Docker's DNS in every container */
  readonly resolver?: string;
  /**
   * Folder for the pid and temporary files, which a read-only root file system or another user needs.
   * @default - the places compiled into the image
   */
  readonly runtimeFolder?: string;
}
