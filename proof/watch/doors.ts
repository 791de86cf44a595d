import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { NAMESPACE } from '../../lab/deploy/target';
import type { Bench } from '../platform/bench';

export const DOORS = ['edge', 'nginx'] as const;
/** Ports of the edge in its own network. */
const PUBLIC = [80, 443];

/** What edge or nginx has at a moment. */
export interface Door {
  readonly name: (typeof DOORS)[number];
  /** As Docker tells it: `40MiB / 192MiB`. */
  readonly memory: string;
  /** Bytes of bodies and answers. */
  readonly disk: number;
  /** Connections that are open, by the address that the kernel sees at their other end. */
  readonly clients: ReadonlyMap<string, number>;
}

/**
 * The lab's processes are this machine's, too, so that nothing has to be started in the containers: the processors and the memory
 * that they have is what an attack is about.
 */
export async function lookAtDoors(bench: Pick<Bench, 'docker'>): Promise<readonly Door[]> {
  const found: Door[] = [];
  for (const name of DOORS) {
    const filter = `label=com.docker.swarm.service.name=${NAMESPACE}_${name}`;
    const [id = ''] = (await bench.docker(['ps', '--quiet', '--no-trunc', '--filter', filter])).split('\n');
    const processes = id ? processesOf(id) : [];
    if (processes.length === 0) continue;
    const clients = clientsIn(readFileSync(`/proc/${processes[0]}/net/tcp`, 'utf8'));
    const disk = processes.reduce((sum, one) => sum + openBytes(`/proc/${one}/fd`), 0);
    const memory = await bench.docker(['stats', '--no-stream', '--format', '{{.MemUsage}}', id]);
    found.push({ name, memory: memory.trim(), disk, clients });
  }
  return found;
}

/** Connections that are established to one of the public ports, by their client, from the kernel's table of them. */
export function clientsIn(table: string, ports: readonly number[] = PUBLIC): Map<string, number> {
  const clients = new Map<string, number>();
  for (const line of table.split('\n')) {
    const [, port, client, state] =
      /^\s*\d+: [0-9A-F]{8}:([0-9A-F]{4}) ([0-9A-F]{8}):[0-9A-F]{4} ([0-9A-F]{2}) /.exec(line) ?? [];
    if (state !== ESTABLISHED || !ports.includes(Number.parseInt(port!, 16))) continue;
    const address = addressOf(client!);
    clients.set(address, (clients.get(address) ?? 0) + 1);
  }
  return clients;
}

const ESTABLISHED = '01';

/** The kernel writes its bytes as one number of a little-endian machine. */
const addressOf = (hexadecimal: string): string => [...Buffer.from(hexadecimal, 'hex')].reverse().join('.');

/** By their control group: in the lab they have other numbers. */
const processesOf = (container: string): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && ifThere(() => isIn(container, name), false))
    .map(Number);

const isIn = (container: string, id: string): boolean =>
  readFileSync(`/proc/${id}/cgroup`, 'utf8').includes(container);

/** Of bodies and answers. The files have no name any more: they are open, and in no folder. */
function openBytes(folder: string): number {
  const names = ifThere(() => readdirSync(folder), []);
  const bytes = (file: string) => (TEMPORARY.test(readlinkSync(file)) ? statSync(file).blocks * 512 : 0);
  return names.reduce((sum, name) => sum + ifThere(() => bytes(`${folder}/${name}`), 0), 0);
}

/** A process or a file may be gone by now. */
function ifThere<T>(look: () => T, otherwise: T): T {
  try {
    return look();
  } catch {
    return otherwise;
  }
}

/** As the official image calls the folders, and as Debian does. */
const TEMPORARY = /\/nginx\/(client_temp|proxy_temp|body|proxy)\//;
