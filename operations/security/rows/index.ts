import { CONTAINERS } from './containers';
import { ENTRANCE } from './entrance';
import type { Row } from './row';
import { SERVER } from './server';

/** All that a running server is asked for, in the order of the table. */
export const ROWS: readonly Row[] = [...CONTAINERS, ...SERVER, ...ENTRANCE];
