import { randomUUID } from 'node:crypto';
import { BACKUP } from '../../constructs/units/backup';
import { placeLabel } from '../../constructs/units/place-label';
import { EXIT_CODES } from '../../contract/outcome';
import { forgetKnown } from '../backup/known';
import { type DockerClient, withDocker } from '../docker/client';
import { ConnectionError } from '../docker/explain';
import type { Target } from '../docker/target';
import { messageOf } from '../terminal/message-of';
import { UsageError } from '../terminal/usage-error';
import { nameOf } from './judge';
import { setLabel } from './label';
import { lookForData, type PlaceFacts } from './look';
import { readMarkers } from './marker';
import { type Identified, identify, remember } from './remember';

export interface ForgetOptions {
  readonly target: Target;
  readonly stack: string;
  /** As in the catalogue. */
  readonly service: string;
  /** Of the catalogue. */
  readonly backends: readonly string[];
}

/**
 * Forgets that a service has had data, where, and which: what is there now counts, be it restored, elsewhere or new, and is
 * remembered in its place where it runs. Touches no data. Resolves to the exit code.
 *
 * @throws {UsageError} where there is nothing of that name
 */
export async function runForget({ target, stack, service, backends }: ForgetOptions): Promise<number> {
  process.stdout.write(`${stack} at ${target.host}
`);
  try {
    const said = await withDocker(target, (docker) => forget(docker, stack, service, backends));
    for (const line of said) process.stdout.write(`${line}\n`);
    return 0;
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const message = messageOf(error);
    process.stderr.write(`error: ${message.replace('\n', '\n  ')}\n`);
    return error instanceof ConnectionError ? EXIT_CODES.unreachable : 1;
  }
}

/**
 * @returns what became of it, in lines
 * @throws {UsageError} where there is nothing of that name
 */
export async function forget(
  docker: DockerClient,
  stack: string,
  id: string,
  backends: readonly string[],
): Promise<string[]> {
  const service = `${stack}_${id}`;
  if (id === BACKUP) {
    return (await forgetKnown(docker, service))
      ? [
          'forgotten: which repository has had the backups',
          'the next deploy, or ./proctor backup now, remembers the one that is there',
        ]
      : ['nothing is remembered of the repository of the backups'];
  }
  const label = placeLabel(stack, id);
  const facts = await lookForData(docker, { id, service, volumes: [], constraints: [], label });
  const { marker, ran } = facts;
  if (!backends.includes(id) && !hasTrace(facts, label)) throw await noSuch(docker, stack, id, backends);
  // Elsewhere it may have died with its node, and Swarm says for a day that it runs.
  const runs = ran?.now && ran.node === facts.here ? ran : undefined;
  const volumes = marker?.data?.volumes ?? [];
  // Of several volumes the one that is the old one would pass its id on to the others.
  const wanted = volumes.length > 1 && facts.identity === 'another' ? randomUUID() : undefined;
  const identified = await identify(docker, volumes, { ran: runs, here: facts.here }, wanted);
  if (marker) await docker.removeConfig(marker.configId);
  // Without its label Swarm would stop a task that runs.
  const labelled = ran?.now ? [] : facts.nodes.filter(({ Spec }) => Spec.Labels?.[label] !== undefined);
  for (const node of labelled) await setLabel(docker, node.ID, label);
  return [
    marker
      ? `forgotten: ${service} has had data on ${marker.hostname} since ${marker.since.slice(0, 10)}`
      : `nothing is remembered of ${service}`,
    ...labelled.map((node) => `the label ${label} is gone from ${nameOf(node)}`),
    ran?.now
      ? `it runs, and what it runs on counts, new or restored${runs ? '' : '; its next change remembers where'}`
      : 'the next deploy takes what it finds in its volume as restored, or makes a new one',
    // What came after it would be taken for it, until the service changes for another reason.
    ...(runs ? await rememberedAnew(docker, service, { ...facts, ran: runs }, identified) : []),
  ];
}

/** One that has left the catalogue may still be remembered. */
const hasTrace = ({ marker, inForce, nodes }: PlaceFacts, label: string): boolean =>
  marker !== undefined ||
  inForce !== undefined ||
  nodes.some(({ Spec }) => Spec.Labels?.[label] !== undefined);

async function noSuch(
  docker: DockerClient,
  stack: string,
  id: string,
  backends: readonly string[],
): Promise<UsageError> {
  const remembered = [...(await readMarkers(docker)).keys()]
    .filter((service) => service.startsWith(`${stack}_`))
    .map((service) => service.slice(stack.length + 1));
  const names = [...new Set([...backends, ...remembered, BACKUP])].sort();
  return new UsageError(
    `${id} is no backend of the catalogue, no service of ${stack}, and nothing is remembered of it\nname one of: ${names.join(', ')}`,
  );
}

async function rememberedAnew(
  docker: DockerClient,
  service: string,
  facts: Parameters<typeof remember>[2],
  identified: Identified,
): Promise<string[]> {
  try {
    const said = await remember(docker, service, facts, identified);
    return identified.data || identified.why ? said : [...said, 'its next change gives its data an id'];
  } catch (error) {
    const why = messageOf(error);
    throw new Error(`nothing is remembered of ${service} now: ${why}\nrun it again`);
  }
}
