import type { SwarmObject } from '../docker/answers';
import type { DockerClient } from '../docker/client';
import { isTaken } from '../records/document';

/** That a service has had data, and where: a Swarm config beside Terraform's, which outlives the service and its stack. */
export interface Marker {
  readonly configId: string;
  readonly node: string;
  /** Of that node, as it was called then. */
  readonly hostname: string;
  /** ISO 8601. */
  readonly since: string;
}

const LABEL = 'proctorwise.data';

/** Begins with nothing that a stack's objects begin with: it is none of them, and `docker stack rm` leaves it. */
export const markerName = (service: string): string => `data.${service}`;

export async function readMarker(
  docker: Pick<DockerClient, 'configs'>,
  service: string,
): Promise<Marker | undefined> {
  // The filter matches prefixes, too.
  const found = (await docker.configs({ name: [markerName(service)] })).find(
    ({ Spec }) => Spec?.Name === markerName(service),
  );
  return found && markerIn(found);
}

/** All of the Swarm, by service. */
export async function readMarkers(
  docker: Pick<DockerClient, 'configs'>,
): Promise<ReadonlyMap<string, Marker>> {
  const found = await docker.configs({ label: [LABEL] });
  return new Map(found.map((config) => [config.Spec?.Labels?.[LABEL] ?? '', markerIn(config)]));
}

function markerIn({ ID, CreatedAt = '', Spec }: SwarmObject): Marker {
  const { [`${LABEL}.node`]: node = '', [`${LABEL}.hostname`]: hostname = '?' } = Spec?.Labels ?? {};
  return { configId: ID, node, hostname, since: CreatedAt };
}

/** Remembers it once; a second time only where it is on another node. @returns whether it was news */
export async function writeMarker(
  docker: Pick<DockerClient, 'configs' | 'createConfig' | 'removeConfig'>,
  service: string,
  at: { readonly node: string; readonly hostname: string },
): Promise<boolean> {
  const known = await readMarker(docker, service);
  if (known?.node === at.node) return false;
  if (known) await docker.removeConfig(known.configId);
  const text = `${service} has data on the node ${at.hostname}. Its deploys look at this; docs/data.md says how to forget it.\n`;
  try {
    await docker.createConfig({
      Name: markerName(service),
      Labels: { [LABEL]: service, [`${LABEL}.node`]: at.node, [`${LABEL}.hostname`]: at.hostname },
      Data: Buffer.from(text).toString('base64'),
    });
  } catch (error) {
    // Somebody was faster, which says the same.
    if (!isTaken(error)) throw error;
  }
  return true;
}
