import { parseImage } from '../../constructs/units';

/** Where a registry keeps an image, by Docker's rules for names. */
export interface RemoteImage {
  /** As it is written in a login: `docker.io`, `ghcr.io`, `127.0.0.1:5000`. */
  readonly registry: string;
  /** Of its HTTP API. */
  readonly origin: string;
  /** The repository's name inside the registry: `library/nginx`. */
  readonly name: string;
  readonly tag: string;
}

/**
 * Reads `repository:tag`. Docker speaks plain HTTP with registries on loopback and no others.
 *
 * @throws when there is no tag
 */
export function remoteImage(tagged: string): RemoteImage {
  const { repository, registry, path, tag } = parseImage(tagged);
  if (!repository || tag === undefined) {
    throw new Error(
      `image "${tagged}" has no tag\n  write repository:tag, for example ghcr.io/acme/api:1.8.2`,
    );
  }
  const scheme = isLoopback(registry) ? 'http' : 'https';
  const host = registry === 'docker.io' ? 'registry-1.docker.io' : registry;
  return { registry, origin: `${scheme}://${host}`, name: path, tag };
}

/** `localhost` or 127.0.0.0/8, with or without a port. */
export function isLoopback(address: string): boolean {
  const host = address.replace(/:\d+$/, '');
  return host === 'localhost' || /^127(\.\d{1,3}){3}$/.test(host);
}
