import type { KeptReport } from '../../contract/gate-report';
import { hashOf, type Standing, sameSpec } from '../docker/standing';
import { SwarmClient, type SwarmOptions } from '../docker/swarm-client';
import { watchReturn } from '../rollback/watch-return';
import { report } from '../rollout/report';
import type { SynthesizedStack } from '../stack/synthesized';
import { messageOf } from '../terminal/message-of';
import { harmless } from '../terminal/untrusted';

/** One service that the deploy had changed. */
export type PutBack =
  | { readonly service: string; readonly done: true; readonly seconds: number; readonly text: string }
  | { readonly service: string; readonly done: false; readonly text: string };

/** What can be put back, and what is left as it is, each with why. */
export interface PutBackPlan {
  /** In waves, the last deployed first; services of one wave at the same time. */
  readonly waves: readonly (readonly Standing[])[];
  readonly left: readonly { readonly service: string; readonly why: string }[];
}

/**
 * Which services are no longer what they were, and by this deploy: what somebody else did meanwhile stays.
 *
 * @param changed ids of the services that the deploy has changed, or set about to
 * @param reports what their gates saw last: where something else is there now, it is somebody else's
 */
export function planPutBack(
  { services, settings }: Pick<SynthesizedStack, 'services' | 'settings'>,
  before: ReadonlyMap<string, Standing>,
  now: ReadonlyMap<string, Standing>,
  changed: ReadonlySet<string>,
  reports: readonly KeptReport[] = [],
): PutBackPlan {
  const waves: Standing[][] = [];
  const left: { service: string; why: string }[] = [];
  const lastFirst = [...new Set(services.map(({ wave }) => wave))].sort((a, b) => b - a);
  for (const wave of lastFirst) {
    const back: Standing[] = [];
    for (const { id, name } of services.filter((one) => one.wave === wave && changed.has(one.id))) {
      const [was, is] = [before.get(name), now.get(name)];
      if (!is || (was && sameSpec(was.spec, is.spec))) continue;
      if (isOfOthers(is, reports)) left.push({ service: id, why: 'somebody else has changed it meanwhile' });
      else if (settings.stateful?.includes(id)) {
        left.push({ service: id, why: 'it has data, which may have moved on' });
      } else if (!was) left.push({ service: id, why: 'it is new with this deploy' });
      else if (was.id !== is.id)
        left.push({ service: id, why: 'it was replaced, Swarm knows nothing of the older one' });
      else if (portsMoved(was, is, before, now)) {
        left.push({ service: id, why: 'its published ports have moved, and whoever has them now stays' });
      } else back.push(was);
    }
    if (back.length > 0) waves.push(back);
  }
  return { waves, left };
}

function isOfOthers({ name, spec }: Standing, reports: readonly KeptReport[]): boolean {
  const seen = reports.find(({ service }) => service === name);
  if (seen?.outcome === 'superseded') return true;
  return seen?.specification !== undefined && seen.specification !== hashOf(spec);
}

/** Back as it was it would wait for a port that another has now, or give up one that nobody would take. */
function portsMoved(
  was: Standing,
  is: Standing,
  before: ReadonlyMap<string, Standing>,
  now: ReadonlyMap<string, Standing>,
): boolean {
  const othersHave = (all: ReadonlyMap<string, Standing>, ports: readonly string[]) =>
    [...all.values()].some(
      (other) => other.name !== was.name && portsOf(other).some((port) => ports.includes(port)),
    );
  const [had, has] = [portsOf(was), portsOf(is)];
  const gone = had.filter((port) => !has.includes(port));
  const come = has.filter((port) => !had.includes(port));
  return othersHave(now, gone) || othersHave(before, come);
}

const portsOf = ({ spec }: Standing): string[] =>
  (spec.EndpointSpec?.Ports ?? []).map(
    ({ PublishedPort, Protocol = 'tcp' }) => `${PublishedPort}/${Protocol}`,
  );

/** Puts services back as they were, and watches each with the gate's own eyes. */
export async function putBack(
  target: SwarmOptions,
  plan: PutBackPlan,
  say: (line: string) => void,
): Promise<PutBack[]> {
  const results: PutBack[] = [];
  for (const wave of plan.waves) {
    results.push(...(await Promise.all(wave.map((was) => one(target, was, say)))));
  }
  return results;
}

async function one(target: SwarmOptions, was: Standing, say: (line: string) => void): Promise<PutBack> {
  const { host } = target;
  const swarm = new SwarmClient(target);
  const service = was.name;
  try {
    await restore(swarm, was);
    say(`${service}: put back, watching it`);
    const result = await watchReturn(swarm, service, was.spec);
    const text = report(result, { host, position: null });
    return result.outcome === 'converged'
      ? { service, done: true, seconds: result.seconds, text }
      : { service, done: false, text };
  } catch (error) {
    const message = harmless(messageOf(error));
    // Once all gates have passed, Terraform removes what only the older version needs.
    const hint = /(config|secret).*not found/i.test(message)
      ? '\n  what it needs is gone since the deploy was complete: ./proctor rollback --to previous'
      : '';
    return { service, done: false, text: `${service} could not be put back: ${message}${hint}` };
  } finally {
    swarm.close();
  }
}

/** Swarm's own rollback where that leads there; it does not after two updates within one deploy. */
export async function restore(swarm: SwarmClient, was: Standing): Promise<void> {
  const now = await swarm.docker.service(was.id);
  if (sameSpec(now.Spec, was.spec)) return;
  if (now.PreviousSpec && sameSpec(now.PreviousSpec, was.spec)) return swarm.rollBack(was.name, now);
  await swarm.docker.updateService(was.id, now.Version.Index, was.spec);
}
