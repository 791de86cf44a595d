import type { TrustedProxies } from '../units';

/** An address, with a port and brackets or without: `203.0.113.9`, `203.0.113.9:4711`, `[2001:db8::9]:4711`. */
const address = (name: string) =>
  `\\[?(?<${name}>\\d{1,3}(?:\\.\\d{1,3}){3}|[0-9A-Fa-f.:]*:[0-9A-Fa-f.:]*)\\]?(?::\\d+)?`;

/** The variable that has the client's address. */
export const clientOf = (front: TrustedProxies | undefined): string =>
  front && 'header' in front ? '$client_address' : '$remote_addr';

/** As a key of a zone, where the address itself has a shorter form. */
export const addressKey = (client: string): string =>
  client === '$remote_addr' ? '$binary_remote_addr' : client;

/** Whose PROXY protocol is believed; undefined where nobody speaks it. */
export const proxyNetworks = (front: TrustedProxies | undefined): readonly string[] | undefined =>
  front && 'proxyProtocol' in front ? front.networks : undefined;

/**
 * `$client_address`: what the header says, where the connection is from one of the networks; else the connection's own
 * address. Not `real_ip_header`: behind the edge that looks at the connection between the edge and nginx, which everybody's
 * request comes by. Of a list the last address counts that is none of the networks, two of which may stand in a row.
 */
export function clientAddress(front: TrustedProxies | undefined): string {
  if (!front || !('header' in front)) return '';
  const trusted = (what: string, name: string) =>
    `geo ${what} ${name} {\n  default 0;\n${front.networks.map((network) => `  ${network} 1;\n`).join('')}}`;
  const header = `$http_${front.header.toLowerCase().replaceAll('-', '_')}`;
  return `${trusted('$remote_addr', '$is_front')}
map "$is_front|${header}" $told_last {
  "~^1\\|(?:.*,)?\\s*${address('last')}\\s*$" $last;
  default '';
}
${trusted('$told_last', '$is_last_front')}
map "$is_last_front|${header}" $told_before {
  "~^1\\|(?:.*,)?\\s*${address('before')}\\s*,[^,]*$" $before;
  default '';
}
map "$told_before|$told_last" $client_address {
  "~^(?<of_two>[^|]+)\\|" $of_two;
  "~^\\|(?<of_one>.+)$" $of_one;
  default $remote_addr;
}`;
}
