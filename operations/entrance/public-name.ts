import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { DeploySettings } from '../../contract/deploy-settings';
import type { Shell } from '../../contract/shell';
import { parseDockerHost } from '../docker/host';
import { type Finding, ok, warning } from '../terminal/finding';

const PATIENCE_MS = 2_000;
const GUIDE = 'docs/routes.md, "Behind a CDN or a load balancer"';

/** Where the name that clients use leads, and where the server is. */
export interface PublicName {
  readonly name: string;
  readonly addresses: readonly string[];
  /** Empty where this machine cannot tell: a socket, or a name that only ssh knows. */
  readonly server: readonly string[];
}

export type Resolve = (name: string) => Promise<readonly string[]>;

/** As this machine resolves it; empty where it does not, or not in time. */
const resolve: Resolve = async (name) => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<readonly { address: string }[]>((done) => {
    timer = setTimeout(() => done([]), PATIENCE_MS);
  });
  const found = await Promise.race([lookup(name, { all: true }).catch(() => []), late]);
  clearTimeout(timer);
  return found.map(({ address }) => address);
};

/** @returns undefined for a name that is an address, or that does not resolve, or leads to this very machine */
export async function gatherPublicName(
  name: string,
  hosts: readonly string[],
  ask: Resolve = resolve,
): Promise<PublicName | undefined> {
  if (name === '' || isIP(name) !== 0) return undefined;
  const addresses = await ask(name);
  if (addresses.length === 0 || addresses.some((one) => /^(127\.|::1$)/.test(one))) return undefined;
  const server = (await Promise.all(hosts.map(ask))).flat();
  return { name, addresses, server };
}

/** Names and addresses under which the server is known here. */
export function serverHosts(dockerHost: string, { VPS_PUBLIC_HOST }: Shell): string[] {
  const target = parseDockerHost(dockerHost);
  return [...(target.kind === 'ssh' ? [target.host] : []), ...(VPS_PUBLIC_HOST ? [VPS_PUBLIC_HOST] : [])];
}

/** Whether clients come by themselves: else nginx takes what stands before the server for all of them. */
export function judgePublicName(found: PublicName | undefined, front: DeploySettings['front']): Finding[] {
  if (!found) return [];
  const { name, addresses, server } = found;
  const elsewhere = server.length > 0 && !addresses.some((one) => server.includes(one));
  if (elsewhere && front === undefined) {
    return [
      warning(
        'name',
        `${name} leads to ${addresses.slice(0, 3).join(', ')}, and the server is ${server[0]}: behind a CDN or a load balancer all users are a few addresses, which share one limit`,
        `say trustedProxies in the environment: what stands there, or false where nothing does (${GUIDE})`,
      ),
    ];
  }
  const sixth = ipv6Words(found, front);
  if (sixth) return [warning('name', sixth, `take the AAAA record out, or let a proxy take IPv6 (${GUIDE})`)];
  return elsewhere ? [] : [ok('name', `${name} leads to ${addresses.join(', ')}`)];
}

/** Docker's proxy takes what comes by IPv6, and nginx sees the proxy. @returns undefined where nobody comes so */
export function ipv6Words(
  { name, addresses }: PublicName,
  front: DeploySettings['front'],
): string | undefined {
  const sixth = addresses.find((one) => isIP(one) === 6);
  if (sixth === undefined || front === 'header' || front === 'proxy-protocol') return undefined;
  return `${name} has the IPv6 address ${sixth}: who comes by it has the address of Docker's bridge for nginx, and shares one limit with all the others`;
}
