import type { DockerClient } from '../docker/client';
import { giveId } from './identity';
import { nameOf } from './judge';
import type { Placed, PlaceFacts } from './look';
import { type DataId, markerName, readMarker, writeMarker } from './marker';

/**
 * Remembers that the task that runs has data, where, and which.
 *
 * @returns what there is to say of it, in lines
 */
export async function remember(
  docker: DockerClient,
  { service, volumes }: Pick<Placed, 'service' | 'volumes'>,
  facts: PlaceFacts & { readonly ran: NonNullable<PlaceFacts['ran']> },
): Promise<string[]> {
  const { ran, nodes } = facts;
  const node = nodes.find(({ ID }) => ID === ran.node);
  const hostname = node ? nameOf(node) : ran.node;
  const { data, why } = await identify(docker, volumes, facts);
  const isNews = await writeMarker(docker, service, { node: ran.node, hostname, data });
  if (data) await agree(docker, service, ran.container, data);
  return [
    ...(isNews
      ? [`remembered in the config ${markerName(service)}: ${service} has data on ${hostname}`]
      : []),
    ...(why
      ? [`its data has no id (${why}): where other data takes its place on ${hostname}, no deploy sees it`]
      : []),
  ];
}

/** The id of data that has none yet, as far as the Swarm knows; or why it gets none. */
async function identify(
  docker: DockerClient,
  volumes: readonly string[],
  { marker, ran, here }: PlaceFacts,
): Promise<{ readonly data?: DataId; readonly why?: string }> {
  if (!ran || marker?.data || volumes.length === 0) return {};
  if (ran.node !== here) return { why: 'it is not on the node that answers' };
  try {
    return { data: await giveId(docker, ran.container, volumes) };
  } catch (error) {
    return { why: error instanceof Error ? error.message : String(error) };
  }
}

/** Where two have given it an id at the same time, the one counts that is remembered. */
async function agree(docker: DockerClient, service: string, container: string, given: DataId): Promise<void> {
  const kept = (await readMarker(docker, service))?.data;
  if (kept && kept.id !== given.id) await giveId(docker, container, kept.volumes, kept.id);
}
