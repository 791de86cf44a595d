import { parseImage } from '../../constructs/units';

/**
 * Whether Swarm runs the planned image. Docker adds a digest to a tag and shortens `docker.io/library/nginx`; a planned
 * digest decides alone, since tags move.
 */
export function sameImage(planned: string, actual: string): boolean {
  const [want, have] = [parseImage(planned), parseImage(actual)];
  if (want.registry !== have.registry || want.path !== have.path) return false;
  if (want.digest !== undefined) return want.digest === have.digest;
  return (want.tag ?? 'latest') === (have.tag ?? 'latest');
}

/** `v1` of `registry/app:v1@sha256:…`; twelve characters of the digest where there is no tag. */
export function shortImage(image: string): string {
  const { path, tag, digest } = parseImage(image);
  const name = path.slice(path.lastIndexOf('/') + 1);
  return tag === undefined && digest !== undefined
    ? `${name}@${shortDigest(image)}`
    : `${name}:${tag ?? 'latest'}`;
}

/** The first twelve characters of the digest; empty without one. */
export const shortDigest = (image: string): string =>
  (parseImage(image).digest ?? '').replace('sha256:', '').slice(0, 12);
