import { parseImage } from '../../../constructs/units';
import type { SwarmNode } from '../../docker/answers';
import type { DockerClient } from '../../docker/client';
import { takesTasks } from '../../docker/snapshot';
import { sameImage } from '../../images/same-image';
import { fulfils } from '../../place/constraints';

interface Asked {
  readonly image: string;
  readonly constraints: readonly (readonly string[])[];
  readonly running: boolean;
  readonly error?: string;
  readonly silentSeconds?: number;
}

/**
 * Says of images whose registry does not give them whether they are on the only node that takes their tasks. Where a digest
 * names an image that a node has, Swarm pulls nothing. Of other nodes nobody here sees the images.
 */
export async function lookOnNode<T extends Asked>(
  docker: Pick<DockerClient, 'images' | 'info'>,
  asked: readonly T[],
  nodes: readonly SwarmNode[],
): Promise<(T & { readonly heldBy?: string })[]> {
  const isMissing = ({ image, running, error, silentSeconds }: T) =>
    !running && (error ?? silentSeconds) !== undefined && parseImage(image).digest !== undefined;
  if (!asked.some(isMissing)) return [...asked];
  const [images, info] = await Promise.all([docker.images(), docker.info()]);
  const here = images.flatMap(({ RepoDigests }) => RepoDigests ?? []);
  return asked.map((one) => {
    if (!isMissing(one) || !here.some((name) => sameImage(one.image, name))) return one;
    const [only, ...others] = nodes.filter(
      (node) => takesTasks(node) && one.constraints.some((words) => fulfils(node, words)),
    );
    if (!only || others.length > 0 || only.ID !== info.Swarm?.NodeID) return one;
    // One that no node takes yet may be on any, once its label is set.
    const takesAll = one.constraints.every((words) => fulfils(only, words));
    return takesAll ? { ...one, heldBy: only.Description.Hostname } : one;
  });
}
