import { placeLabel } from '../../constructs/units/place-label';
import { EXIT_CODES } from '../../contract/outcome';
import { type DockerClient, withDocker } from '../docker/client';
import { ConnectionError } from '../docker/explain';
import type { Target } from '../docker/target';
import { nameOf } from './judge';
import { setLabel } from './label';
import { lookForData } from './look';
import { remember } from './remember';

export interface ForgetOptions {
  readonly target: Target;
  readonly stack: string;
  /** As in the catalogue. */
  readonly service: string;
}

/**
 * Forgets that a service has had data, where, and which: what is there now counts, be it restored, elsewhere or new, and is
 * remembered in its place where it runs. Touches no data. Resolves to the exit code.
 */
export async function runForget({ target, stack, service }: ForgetOptions): Promise<number> {
  try {
    const said = await withDocker(target, (docker) => forget(docker, stack, service));
    for (const line of said) process.stdout.write(`${line}\n`);
    return 0;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    process.stderr.write(`error: ${message.replace('\n', '\n  ')}\n`);
    return error instanceof ConnectionError ? EXIT_CODES.unreachable : 1;
  }
}

/** @returns what became of it, in lines */
export async function forget(docker: DockerClient, stack: string, id: string): Promise<string[]> {
  const service = `${stack}_${id}`;
  const label = placeLabel(stack, id);
  const facts = await lookForData(docker, { id, service, volumes: [], constraints: [], label });
  const { marker, ran } = facts;
  if (marker) await docker.removeConfig(marker.configId);
  // Without its label Swarm would stop a task that runs.
  const labelled = ran?.now ? [] : facts.nodes.filter(({ Spec }) => Spec.Labels?.[label] !== undefined);
  for (const node of labelled) await setLabel(docker, node.ID, label);
  // What comes after it would be taken for it, until the service changes for another reason.
  const remembered =
    marker?.data && ran?.now
      ? await remember(
          docker,
          { service, volumes: marker.data.volumes },
          { ...facts, marker: undefined, ran },
        )
      : [];
  return [
    marker
      ? `forgotten: ${service} has had data on ${marker.hostname} since ${marker.since.slice(0, 10)}`
      : `nothing is remembered of ${service}`,
    ...labelled.map((node) => `the label ${label} is gone from ${nameOf(node)}`),
    ran?.now
      ? `it runs, and what it runs on counts, new or restored${remembered.length > 0 ? '' : '; its next change remembers where'}`
      : 'the next deploy takes what it finds in its volume as restored, or makes a new one',
    ...remembered,
  ];
}
