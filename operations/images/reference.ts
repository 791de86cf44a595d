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
 * Reads `repository:tag`. A first part with a dot or a port, or `localhost`, is a registry, anything else Docker Hub's;
 * Docker speaks plain HTTP with registries on loopback and no others.
 */
export function remoteImage(tagged: string): RemoteImage {
  const colon = tagged.lastIndexOf(':');
  if (colon < 1 || tagged.includes('/', colon)) {
    throw new Error(
      `image "${tagged}" has no tag\n  write repository:tag, for example ghcr.io/acme/api:1.8.2`,
    );
  }
  const [repository, tag] = [tagged.slice(0, colon), tagged.slice(colon + 1)];
  const slash = repository.indexOf('/');
  const first = slash < 0 ? '' : repository.slice(0, slash);
  const named = first === 'localhost' || /[.:]/.test(first);
  if (!named || ['docker.io', 'index.docker.io', 'registry-1.docker.io'].includes(first)) {
    const name = named ? repository.slice(slash + 1) : repository;
    return {
      registry: 'docker.io',
      origin: 'https://registry-1.docker.io',
      name: name.includes('/') ? name : `library/${name}`,
      tag,
    };
  }
  return {
    registry: first,
    origin: `${isLoopback(first) ? 'http' : 'https'}://${first}`,
    name: repository.slice(slash + 1),
    tag,
  };
}

/** `localhost` or 127.0.0.0/8, with or without a port. */
export function isLoopback(address: string): boolean {
  const host = address.replace(/:\d+$/, '');
  return host === 'localhost' || /^127(\.\d{1,3}){3}$/.test(host);
}
