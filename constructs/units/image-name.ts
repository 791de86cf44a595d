export const DIGEST = /^sha256:[0-9a-f]{64}$/;

/** Docker Hub's names, of which the first is the one that people know. */
export const DOCKER_HUB = 'docker.io';
const HUB = [DOCKER_HUB, 'index.docker.io', 'registry-1.docker.io'];

/** The parts of an image's name. */
export interface ImageName {
  /** As it is written: `nginx`, `ghcr.io/acme/api`. */
  readonly repository: string;
  /** `docker.io` where none is written. */
  readonly registry: string;
  /** The repository's name inside the registry: `library/nginx`, `acme/api`. */
  readonly path: string;
  readonly tag: string | undefined;
  /** `sha256:…` */
  readonly digest: string | undefined;
}

/**
 * Takes an image's name apart by Docker's rules and checks nothing: whatever an engine says has parts. A first part with a
 * dot or a port, or `localhost`, is a registry, anything else Docker Hub's.
 */
export function parseImage(reference: string): ImageName {
  const at = reference.indexOf('@');
  const [named, digest] = at < 0 ? [reference, undefined] : [reference.slice(0, at), reference.slice(at + 1)];
  const colon = named.lastIndexOf(':');
  const hasTag = colon > named.lastIndexOf('/');
  const repository = hasTag ? named.slice(0, colon) : named;
  const slash = repository.indexOf('/');
  const first = slash < 0 ? '' : repository.slice(0, slash);
  const isRegistry = first === 'localhost' || /[.:]/.test(first);
  const registry = registryHost(isRegistry ? first : '');
  const rest = isRegistry ? repository.slice(slash + 1) : repository;
  return {
    repository,
    registry,
    path: registry === DOCKER_HUB && !rest.includes('/') ? `library/${rest}` : rest,
    tag: hasTag ? named.slice(colon + 1) : undefined,
    digest,
  };
}

/** The registry that an address means, `docker.io` for each of Docker Hub's and for none; old keys of logins are URLs. */
export function registryHost(address: string): string {
  const host = address.replace(/^https?:\/\//, '').replace(/\/.*$/, '');
  return host === '' || HUB.includes(host) ? DOCKER_HUB : host;
}
