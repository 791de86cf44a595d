import { isIP } from 'node:net';
import { Duration } from '../units';
import { daemonErrors } from './daemon-errors';
import type { Closed, HostSpec } from './host-spec';

/** A number for TCP, `<number>/udp` for UDP. */
function isPort(port: number | string): boolean {
  const number = typeof port === 'string' ? Number(/^([1-9]\d*)\/udp$/.exec(port)?.[1]) : port;
  return Number.isInteger(number) && number >= 1 && number <= 65535;
}

const exceptions = (closed: Closed = 'closed') => (closed === 'closed' ? [] : closed.except);

/** What types cannot see, in words. */
export function hostErrors(spec: HostSpec): string[] {
  const {
    docker,
    advertiseAddress,
    addressPool,
    heartbeat,
    openPorts = [],
    containersTo,
    rebootAt,
    daemon = {},
  } = spec;
  const errors: string[] = [];
  if (typeof docker === 'object' && !(Number.isInteger(docker.major) && docker.major >= 20)) {
    errors.push(`host.docker.major is ${docker.major}\n  write a major version of Docker, 20 or newer`);
  }
  if (advertiseAddress !== undefined && isIP(advertiseAddress) === 0) {
    errors.push(`host.advertiseAddress "${advertiseAddress}" is no address\n  write one that the server has`);
  }
  const [base = '', bits = ''] = addressPool?.split('/') ?? ['10.0.0.0', '8'];
  // Networks of 256 addresses are cut from it, ingress and the platform's own at least.
  if (isIP(base) !== 4 || !(Number(bits) >= 8 && Number(bits) <= 22)) {
    errors.push(`host.addressPool "${addressPool}" is no range of networks\n  write one as 10.20.0.0/16`);
  }
  if (heartbeat?.isShorterThan(Duration.seconds(1))) {
    errors.push(`host.heartbeat is ${heartbeat}\n  write a second or more, for example Duration.seconds(5)`);
  }
  const lists = {
    openPorts,
    'containersTo.metadata': exceptions(containersTo?.metadata),
    'containersTo.hostPorts': exceptions(containersTo?.hostPorts),
  };
  for (const [name, ports] of Object.entries(lists)) {
    for (const port of ports.filter((one) => !isPort(one))) {
      errors.push(`host.${name} has ${port}\n  a port is a number from 1 to 65535, of UDP '51820/udp'`);
    }
  }
  if (rebootAt !== undefined && !/^([01]\d|2[0-3]):[0-5]\d$/.test(rebootAt)) {
    errors.push(`host.rebootAt "${rebootAt}" is no time of day\n  write one as 04:00`);
  }
  if (containersTo && spec.firewall === false) {
    errors.push('host.containersTo needs the firewall, which is false\n  leave one of the two out');
  }
  return [...errors, ...daemonErrors(daemon)];
}
