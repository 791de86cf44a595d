import { lookup } from 'node:dns/promises';
import { connect } from 'node:net';
import { parseDockerHost } from '../docker/host';
import { type Finding, ok, warning } from '../terminal/finding';

/** By which managers and nodes talk with each other. Over UDP there are 7946 and 4789, too, of which nobody outside can tell. */
const OF_SWARM = [2377, 7946];
const PATIENCE_MS = 2_000;

/** TCP ports that answer, or why none was tried: there is no outside (a socket, this very machine), or only ssh knows the name. */
export type Exposure = readonly number[] | 'no outside' | { readonly nameOfSsh: string };

/** Which of the Swarm's TCP ports answer this machine, which stands for everybody outside. */
export async function gatherExposure(host: string, ports = OF_SWARM): Promise<Exposure> {
  const target = parseDockerHost(host);
  if (target.kind === 'unix') return 'no outside';
  const found = await lookup(target.host).catch(() => undefined);
  if (!found) return { nameOfSsh: target.host };
  return /^(127\.|::1$)/.test(found.address) ? 'no outside' : answering(found.address, ports);
}

export async function answering(address: string, ports: readonly number[]): Promise<number[]> {
  const open = await Promise.all(ports.map((port) => answers(address, port)));
  return ports.filter((_, index) => open[index]);
}

const answers = (host: string, port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ host, port });
    const done = (open: boolean) => {
      socket.destroy();
      resolve(open);
    };
    socket.setTimeout(PATIENCE_MS, () => done(false));
    socket.once('connect', () => done(true)).once('error', () => done(false));
  });

/** Who can send packets to them has a way into the engine and into the network that all services share. */
export function judgeExposure(open: Exposure): Finding[] {
  if (open === 'no outside') return [];
  if ('nameOfSsh' in open) {
    const ports = OF_SWARM.join(' and ');
    return [
      ok(
        'exposure',
        `not tried: ${open.nameOfSsh} is a name that only ssh knows here, so nobody has seen whether the Swarm's ports ${ports} answer`,
      ),
    ];
  }
  if (open.length === 0) {
    return [ok('exposure', `the Swarm's ports ${OF_SWARM.join(' and ')} do not answer here`)];
  }
  const names = open.map((port) => `${port}/tcp`).join(' and ');
  return [
    warning(
      'exposure',
      `${names} of the Swarm ${open.length > 1 ? 'answer' : 'answers'} here, and so maybe everybody; 7946/udp and 4789/udp, which cannot be tried, are then likely open, too`,
      'let only the nodes of the Swarm reach them: host: {} in services.config.ts has a firewall for a single node (docs/vps.md), or use your provider’s',
    ),
  ];
}
