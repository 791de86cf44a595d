import { applicationsOf, jobsOf } from './applications';
import type { PlatformSpec } from './spec/platform';

/** swarmkit's, in manager/constraint/constraint.go. */
const KEY = /^[a-z_][a-z0-9\-_.]+$/i;
const VALUE = /^[a-z0-9:\-_\s.*()?+[\]\\^$|/]+$/i;
/** Swarm takes any key, and finds no node that has one of another name: the task waits for ever. */
const KNOWN = /^(node\.(id|hostname|ip|role|platform\.(os|arch))|(node|engine)\.labels\..+)$/i;

/** Placements that Swarm would refuse when it makes the service, or find fulfilled nowhere. */
export function placementErrors(spec: PlatformSpec): string[] {
  const written: (readonly [who: string, placement: string | undefined])[] = [
    ...Object.entries(spec.backends ?? {})
      .filter(([, backend]) => backend.spec.placement !== 'pinned')
      .map(([id, backend]) => [id, backend.spec.placement] as const),
    // An empty one is none.
    ...applicationsOf(spec).map(([id, { placement }]) => [id, placement || undefined] as const),
    ...jobsOf(spec).map(([id, { placement }]) => [`the job ${id}`, placement || undefined] as const),
  ];
  return written.flatMap(([who, placement]) =>
    placement === undefined || isConstraint(placement)
      ? []
      : [
          `${who}: placement is ${JSON.stringify(placement)}, which no node fulfils\n  write what Swarm knows of a node, == or !=, and a value: 'node.role==manager', 'node.labels.disk==ssd'`,
        ],
  );
}

/** As swarmkit reads it: the first ==, and != where there is none. */
function isConstraint(text: string): boolean {
  const operator = ['==', '!='].find((one) => text.includes(one));
  if (!operator) return false;
  const at = text.indexOf(operator);
  const key = text.slice(0, at).trim();
  return KEY.test(key) && KNOWN.test(key) && VALUE.test(text.slice(at + operator.length).trim());
}
