import { isIP } from 'node:net';

/** What stands before the server, the networks it comes from, and by what it tells the client's address. */
export type TrustedProxies =
  /** The last address in it that is none of these networks. */
  | { readonly networks: readonly string[]; readonly header: string }
  /** The PROXY protocol, on every connection. */
  | { readonly networks: readonly string[]; readonly proxyProtocol: true };

/** What is wrong with what a catalogue says. */
export function proxyErrors(proxies: TrustedProxies): string[] {
  const { networks } = proxies;
  const header = 'header' in proxies ? proxies.header : undefined;
  return [
    ...(networks.length === 0
      ? ['trustedProxies names no network, so nobody is believed\n  name those of the proxy']
      : []),
    ...networks.flatMap(networkErrors),
    ...('header' in proxies === 'proxyProtocol' in proxies
      ? ['trustedProxies wants either a header or proxyProtocol: true\n  leave one of the two out']
      : []),
    ...(header === undefined || /^[A-Za-z0-9-]+$/.test(header)
      ? []
      : [`trustedProxies: '${header}' is no name of a header\n  write for example X-Forwarded-For`]),
  ];
}

function networkErrors(network: string): string[] {
  const [address = '', bits] = network.split('/');
  const most = isIP(address) === 6 ? 128 : 32;
  const isBits = bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= most);
  if (isIP(address) === 0 || !isBits || network.split('/').length > 2) {
    return [`trustedProxies: '${network}' is no network\n  write for example 203.0.113.0/24`];
  }
  return bits !== undefined && Number(bits) === 0
    ? [
        `trustedProxies: ${network} is everybody, who could then claim any address\n  name the networks of the proxy`,
      ]
    : [];
}

/** For whoever has no need of the networks. Undefined where nobody said. */
export function frontOf(
  said: TrustedProxies | false | undefined,
): 'none' | 'header' | 'proxy-protocol' | undefined {
  if (said === undefined) return undefined;
  if (said === false) return 'none';
  return 'header' in said ? 'header' : 'proxy-protocol';
}
