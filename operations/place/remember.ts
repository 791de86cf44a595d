import type { DockerClient } from '../docker/client';
import { messageOf } from '../terminal/message-of';
import { giveId } from './identity';
import { nameOf } from './judge';
import type { PlaceFacts } from './look';
import { type DataId, markerName, readMarker, writeMarker } from './marker';

/** The id of data, or why it has none; neither where there is nothing that one could be written to. */
export interface Identified {
  readonly data?: DataId;
  readonly why?: string;
}

/**
 * The id of what a task runs on. Touches its volumes alone, and never fails.
 *
 * @param wanted an id that it has to have. @default its own, else a new one
 */
export async function identify(
  docker: DockerClient,
  volumes: readonly string[],
  { ran, here }: Pick<PlaceFacts, 'ran' | 'here'>,
  wanted?: string,
): Promise<Identified> {
  if (!ran || volumes.length === 0) return {};
  if (ran.node !== here) return { why: 'it is not on the node that answers' };
  try {
    return { data: await giveId(docker, ran.container, volumes, wanted) };
  } catch (error) {
    return { why: messageOf(error) };
  }
}

/**
 * Remembers that the task that runs has data, where, and which.
 *
 * @returns what there is to say of it, in lines
 */
export async function remember(
  docker: DockerClient,
  service: string,
  { ran, nodes }: { readonly ran: NonNullable<PlaceFacts['ran']> } & Pick<PlaceFacts, 'nodes'>,
  { data, why }: Identified,
): Promise<string[]> {
  const node = nodes.find(({ ID }) => ID === ran.node);
  const hostname = node ? nameOf(node) : ran.node;
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

/** Where two have given it an id at the same time, the one counts that is remembered. */
async function agree(docker: DockerClient, service: string, container: string, given: DataId): Promise<void> {
  const kept = (await readMarker(docker, service))?.data;
  if (kept && kept.id !== given.id) await giveId(docker, container, kept.volumes, kept.id);
}
