import { shortImage } from '../../images/same-image';
import { type Action, actionOf, idOf, type Json, type ResourceChange } from '../../terraform/document';
import { terraformName } from '../../terraform/program';
import { differencesOf } from './differences';
import { driftOf } from './drift';
import { estimateStart } from './estimate';
import type { ServiceChange } from './model';
import type { Known, Parts } from './service-parts';
import { inWords, replaced, updated } from './service-update';
import { type ServiceView, viewOf } from './service-view';
import { volumesOf } from './volumes';

/** @param drift what `resource_drift` says of the same service */
export function serviceChange(
  resource: ResourceChange,
  drift: ResourceChange | undefined,
  known: Known,
): ServiceChange {
  const action = actionOf(resource) ?? 'update';
  const { estimate, ...parts } = CHANGES[action](resource, known);
  const service = idOf(resource);
  const who = parts.downtime && known.stateful ? { whoWaits: known.whoWaits ?? 'clients' } : {};
  return { service, action, ...parts, ...estimate, ...who, drift: driftOf(resource, drift) };
}

const CHANGES: Readonly<Record<Action, (resource: ResourceChange, known: Known) => Parts>> = {
  create: ({ change: { after } }) => ({
    ...whole(after),
    how: 'new',
    restarts: true,
    estimate: estimateStart(viewOf(after)),
    ...volumesOf(undefined, after),
  }),
  destroy: ({ change: { before } }, known) => ({
    ...whole(before),
    how: 'its tasks stop for good',
    restarts: true,
    downtime: true,
    estimate: { seconds: viewOf(before).drain, downtimeSeconds: 0 },
    ...volumesOf(before, undefined),
    risks: known.stateful ? ['nothing serves the data any more'] : [],
  }),
  replace: replaced,
  update: updated,
  import: (resource, known) => {
    const { actions, before, after, after_unknown } = resource.change;
    if (!actions.includes('update')) {
      return { ...whole(after), ...inWords(differencesOf(before, after, after_unknown)), how: TAKEN_OVER };
    }
    // Seen with `docker stack deploy`: the provider writes some defaults otherwise, which Swarm takes for a change.
    const update = updated(resource, known, true);
    return { ...update, how: `${TAKEN_OVER}, then ${update.how}` };
  },
  forget: ({ change: { before } }) => ({
    ...whole(before),
    how: `left running, ${terraformName()} forgets it`,
  }),
};

const TAKEN_OVER = 'taken over as it runs';

/** A service told by itself, before anything is said of it. */
function whole(service: Json): Omit<Parts, 'how'> {
  const view = viewOf(service);
  return {
    what: `${shortImage(view.image)}, ${tasks(view)}`,
    restarts: false,
    downtime: false,
    volumes: [],
    risks: [],
    notes: [],
    estimate: { seconds: 0, downtimeSeconds: 0 },
  };
}

const tasks = ({ replicas }: ServiceView): string =>
  replicas === undefined ? 'global' : `${replicas} ${replicas === 1 ? 'task' : 'tasks'}`;
