import { isReplicated, replicasOf, type Spec } from '../swarm/records';
import type { World } from './world';

/** Somebody else at another terminal. */
export function somebodyElse(
  { control, manager, foreign: done, agenda }: World,
  name: string,
  what: string,
): void {
  const service = control.find(name);
  if (!service || !manager.leads) return;
  const { id, version, spec } = service;
  if (what === 'rollback' && !service.previousSpec) return;
  done.push({ at: agenda.now, what });
  if (what === 'remove') control.remove(id);
  else if (what === 'rollback') control.update(id, version, spec, true);
  else control.update(id, version, changed(spec, what));
}

function changed(spec: Spec, what: string): Spec {
  if (what === 'label') return { ...spec, Labels: { ...spec.Labels, note: 'by hand' } };
  if (what === 'scale' && isReplicated(spec)) {
    return { ...spec, Mode: { Replicated: { Replicas: replicasOf(spec) + 1 } } };
  }
  const { TaskTemplate } = spec;
  const ContainerSpec = { ...TaskTemplate.ContainerSpec, Env: ['MODE=hand'] };
  return { ...spec, TaskTemplate: { ...TaskTemplate, ContainerSpec } };
}
