import type { DockerClient } from '../docker/client';

/** Somebody else changes the same node, as Swarm itself does. */
const TRIES = 5;

type Api = Pick<DockerClient, 'node' | 'updateNode'>;

/** Sets a label of a node, or takes it away; its other labels stay. */
export async function setLabel(docker: Api, nodeId: string, label: string, value?: string): Promise<void> {
  for (let tries = 1; ; tries++) {
    const { Spec, Version } = await docker.node(nodeId);
    const { [label]: had, ...others } = Spec.Labels ?? {};
    if (had === value) return;
    const Labels = value === undefined ? others : { ...others, [label]: value };
    try {
      return await docker.updateNode(nodeId, Version?.Index ?? 0, { ...Spec, Labels });
    } catch (error) {
      const faster = error instanceof Error && /out of sequence/.test(error.message);
      if (!faster || tries === TRIES) throw error;
    }
  }
}
