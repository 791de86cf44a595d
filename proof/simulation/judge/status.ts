import type { Played } from '../history/played';
import { of } from '../scenario/ingredients';
import { isLive } from '../swarm/dirty';
import { isReplicated, replicasOf } from '../swarm/records';
import { serviceAt, tasksAt } from './truth';

/** Why what `status` said is not true. */
export function againstStatus(played: Played): string[] {
  const { status, scenario } = played;
  // Answers of several times are of none.
  const torn = scenario.ingredients.some((one) => one.kind === 'trouble');
  if (!status || torn) return [];
  const service = serviceAt(played, status.at);
  const said = status.services[0];
  const there = serviceAt(played, status.listedAt) !== undefined;
  if (there !== (said !== undefined)) return ['status: the service is there, or it is not'];
  if (!service || !said) return [];
  const found: string[] = [];
  const live = tasksAt(played, status.at).filter(isLive);
  const running = live.filter(({ status: { state } }) => state === 'running');
  const slots = new Set(running.map(({ slot, nodeId }) => (slot > 0 ? String(slot) : nodeId))).size;
  // With a health check of its own node it may be fewer: a task that is unhealthy does not count.
  if (said.running > slots || (said.running < slots && !of(scenario, 'health'))) {
    found.push(`${said.running} run, and it is ${slots}`);
  }
  if (isReplicated(service.spec) && said.desired !== replicasOf(service.spec)) {
    found.push(`${said.desired} are desired, and it is ${replicasOf(service.spec)}`);
  }
  const { updateStatus, previousSpec } = service;
  const bad = updateStatus && (!previousSpec || /paused/.test(updateStatus.state));
  if (said.ok && (slots < said.desired || bad)) {
    found.push(`ok, with ${slots} of ${said.desired} running, ${updateStatus?.state ?? 'no update'}`);
  }
  return found.map((why) => `status: ${why}`);
}
