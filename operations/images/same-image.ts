interface Reference {
  readonly repository: string;
  readonly tag: string;
  readonly digest: string | undefined;
}

function read(image: string): Reference {
  const [named = '', digest] = image.split('@', 2);
  const colon = named.lastIndexOf(':');
  const hasTag = colon > named.lastIndexOf('/');
  const repository = (hasTag ? named.slice(0, colon) : named)
    .replace(/^(index\.)?docker\.io\//, '')
    .replace(/^library\//, '');
  return { repository, tag: hasTag ? named.slice(colon + 1) : 'latest', digest };
}

/**
 * Whether Swarm runs the planned image. Docker adds a digest to a tag and shortens `docker.io/library/nginx`; a planned
 * digest decides alone, since tags move.
 */
export function sameImage(planned: string, actual: string): boolean {
  const [want, have] = [read(planned), read(actual)];
  if (want.repository !== have.repository) return false;
  return want.digest === undefined ? want.tag === have.tag : want.digest === have.digest;
}

/** `v1` of `registry/app:v1@sha256:…`; twelve characters of the digest where there is no tag. */
export function shortImage(image: string): string {
  const { repository, tag, digest } = read(image);
  const name = repository.split('/').at(-1) ?? repository;
  const tagged = image.split('@')[0]?.split('/').at(-1)?.includes(':') || digest === undefined;
  return tagged ? `${name}:${tag}` : `${name}@${digest.replace('sha256:', '').slice(0, 12)}`;
}

/** The first twelve characters of the digest; empty without one. */
export const shortDigest = (image: string): string =>
  (read(image).digest ?? '').replace('sha256:', '').slice(0, 12);
