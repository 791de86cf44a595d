import type { Json } from '../../terraform/document';
import { viewOf } from './service-view';

/** What becomes of volumes, in words. They are never passed over in silence. */
export interface VolumeWords {
  readonly volumes: readonly string[];
  /** Something would no longer be where it was. */
  readonly risks: readonly string[];
}

/** @param stops the service is taken away in between, so that even what stays is worth a word */
export function volumesOf(before: Json, after: Json, stops = false): VolumeWords {
  const [old, next] = [viewOf(before).volumes, viewOf(after).volumes];
  const gone = old.filter((name) => !next.includes(name));
  const come = next.filter((name) => !old.includes(name));
  const stay = old.filter((name) => next.includes(name));
  return {
    volumes: [
      ...come.map((name) => `mounts volume ${name}, which is made, empty, unless it is there`),
      ...gone.map((name) => `volume ${name} stays on the server`),
      ...(stops ? stay.map((name) => `volume ${name} stays`) : []),
    ],
    risks:
      before && after
        ? gone.map((name) => `it no longer mounts volume ${name}: its data stays behind in it`)
        : [],
  };
}
