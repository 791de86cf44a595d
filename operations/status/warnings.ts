import { doubtInWords } from '../certificates/doubt';
import { expiryOf } from '../certificates/expiry';
import type { Status } from './model';

/** A roll pulls a new image beside the old one, and MariaDB stops at a full disk. */
const DISK_FREE = 0.15;
const MEMORY_FREE = 0.1;

/** What to look at besides the services, each with a number and what to do. */
export function warningsOf(
  found: Pick<Status, 'certificate' | 'nodes' | 'server' | 'docker' | 'refused'> & { readonly cpus: number },
  now: Date,
): string[] {
  const { certificate, nodes, server, docker, refused, cpus } = found;
  const said: string[] = [];
  const { validFrom, validTo, problem, doubt, address } = certificate;
  const expiry = validTo === null ? undefined : expiryOf({ validFrom, validTo }, now);
  if (!expiry) said.push(`no certificate could be seen at ${address}: ${problem}`);
  if (doubt) said.push(`the certificate at ${address} ${doubtInWords(doubt, problem)}`);
  // Another one is to take the fallback's place, however old it is.
  if (expiry?.warn && doubt !== 'fallback') {
    said.push(`the certificate at ${address} ${expiry.text}: renew it`);
  }
  for (const node of nodes) {
    if (node.state !== 'ready') said.push(`node ${node.name} is ${node.state}: its tasks move, if they can`);
    else if (node.availability !== 'active') {
      said.push(
        `node ${node.name} takes no tasks (${node.availability}): docker node update --availability active ${node.name}`,
      );
    }
  }
  if (refused && refused.workers > 0) {
    const times = refused.workers === 1 ? 'a worker' : `${refused.workers} workers`;
    said.push(
      `nginx or the edge lost ${times} in the last hour, with every connection on them: docker service logs, then raise limits.memory`,
    );
  }
  if (refused && refused.full > 0) {
    said.push(
      `${refused.full} connections were refused in the last hour because all were taken: an attack from many addresses, or connectionsPerAddress is too low`,
    );
  }
  if (server) {
    const { load, memory, disk } = server;
    if (load[1] > cpus) said.push(`load ${load[1]} over 5 minutes is more than ${cpus} CPUs do`);
    if (memory.availableBytes < MEMORY_FREE * memory.totalBytes) {
      said.push(`${percent(memory.availableBytes / memory.totalBytes)} of the memory is available`);
    }
    if (disk.freeBytes < DISK_FREE * disk.totalBytes) {
      const freed = docker && docker.images.unusedBytes > 0 ? ': ./proctor prune' : '';
      said.push(`${percent(disk.freeBytes / disk.totalBytes)} of the disk at ${disk.path} is free${freed}`);
    }
  }
  return said;
}

const percent = (part: number): string => `${Math.round(part * 100)} %`;
