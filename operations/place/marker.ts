import { createHash } from 'node:crypto';
import type { SwarmObject } from '../docker/answers';
import type { DockerClient } from '../docker/client';
import { isTaken } from '../records/document';

/** Which data it is, wherever it lies. */
export interface DataId {
  readonly id: string;
  /** Those that have a file with the id. */
  readonly volumes: readonly string[];
}

/** That a service has had data, and where: a Swarm config beside Terraform's, which outlives the service and its stack. */
export interface Marker {
  readonly configId: string;
  readonly node: string;
  /** Of that node, as it was called then. */
  readonly hostname: string;
  /** ISO 8601. */
  readonly since: string;
  /** Undefined in one of an older version, or where the data could not be given any. */
  readonly data?: DataId;
}

const LABEL = 'proctorwise.data';

/** Swarm's limit for the name of a config; a service's may have 63. */
const LONGEST_NAME = 64;

/** Begins with nothing that a stack's objects begin with: it is none of them, and `docker stack rm` leaves it. */
export function markerName(service: string): string {
  const name = `data.${service}`;
  if (name.length <= LONGEST_NAME) return name;
  const hash = createHash('sha256').update(service).digest('hex').slice(0, 10);
  return `${name.slice(0, LONGEST_NAME - hash.length - 1)}.${hash}`;
}

export async function readMarker(
  docker: Pick<DockerClient, 'configs'>,
  service: string,
): Promise<Marker | undefined> {
  const found = await findMarker(docker, service);
  return found && markerIn(found);
}

/** All of the Swarm, by service. */
export async function readMarkers(
  docker: Pick<DockerClient, 'configs'>,
): Promise<ReadonlyMap<string, Marker>> {
  const found = await docker.configs({ label: [LABEL] });
  return new Map(found.map((config) => [config.Spec?.Labels?.[LABEL] ?? '', markerIn(config)]));
}

async function findMarker(
  docker: Pick<DockerClient, 'configs'>,
  service: string,
): Promise<SwarmObject | undefined> {
  // The filter matches prefixes, too.
  return (await docker.configs({ name: [markerName(service)] })).find(
    ({ Spec }) => Spec?.Name === markerName(service),
  );
}

function markerIn({ ID, CreatedAt = '', Spec }: SwarmObject): Marker {
  const labels = Spec?.Labels ?? {};
  const { [`${LABEL}.node`]: node = '', [`${LABEL}.hostname`]: hostname = '?' } = labels;
  const { [`${LABEL}.id`]: id = '', [`${LABEL}.volumes`]: volumes = '' } = labels;
  const data = id && volumes ? { data: { id, volumes: volumes.split(',') } } : {};
  return { configId: ID, node, hostname, since: CreatedAt, ...data };
}

export interface Found {
  readonly node: string;
  readonly hostname: string;
  /** Undefined where it has none that could be read or given. */
  readonly data?: DataId | undefined;
}

/**
 * Remembers it once; a second time only where it is on another node, or has an id that the marker does not know.
 *
 * @returns whether it was news
 */
export async function writeMarker(
  docker: Pick<DockerClient, 'configs' | 'createConfig' | 'updateConfig' | 'removeConfig'>,
  service: string,
  at: Found,
): Promise<boolean> {
  const known = await findMarker(docker, service);
  const marker = known && markerIn(known);
  if (marker?.node === at.node && (marker.data || !at.data)) return false;
  try {
    if (known && marker?.node === at.node) {
      // In place: since when it is there stays, and no moment goes by without a marker.
      const Labels = { ...known.Spec?.Labels, ...labelsOf(at) };
      await docker.updateConfig(known.ID, known.Version?.Index ?? 0, { ...known.Spec, Labels });
    } else {
      if (known) await docker.removeConfig(known.ID);
      await docker.createConfig({
        Name: markerName(service),
        Labels: { [LABEL]: service, ...labelsOf(at) },
        Data: Buffer.from(textOf(service, at)).toString('base64'),
      });
    }
  } catch (error) {
    // Somebody was faster, which says the same.
    if (!isTaken(error) && !/out of sequence/.test(String(error))) throw error;
  }
  return true;
}

const labelsOf = ({ node, hostname, data }: Found): Record<string, string> => ({
  [`${LABEL}.node`]: node,
  [`${LABEL}.hostname`]: hostname,
  ...(data ? { [`${LABEL}.id`]: data.id, [`${LABEL}.volumes`]: data.volumes.join(',') } : {}),
});

const textOf = (service: string, { hostname }: Found): string =>
  `${service} has data on the node ${hostname}. Its deploys look at this; docs/data.md says how to forget it.\n`;
