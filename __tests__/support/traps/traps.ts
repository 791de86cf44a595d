import { graphTraps } from './graph-traps';
import { objectTraps } from './object-traps';
import { serviceTraps } from './service-traps';
import type { Trap } from './trap';

/** All that must be true of a stack whatever the catalogue says. */
export const TRAPS: readonly Trap[] = [...serviceTraps, ...objectTraps, ...graphTraps];
