import type { StateSpec } from '../../../../constructs/swarm';
import { type Backend, backendOf as backendIn } from '../../../../operations/stack/backend';
import { synthStack } from '../../../support/platform/template';

/** The backend that a catalogue's `state` becomes, as the programs here read it. */
export const backendOf = <Kind extends StateSpec['kind']>(state: StateSpec & { kind: Kind }) =>
  backendIn(synthStack(() => {}, { state }).json) as Backend & { kind: Kind };
