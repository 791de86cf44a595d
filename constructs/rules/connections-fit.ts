import { memoryFor, perAddressIn } from '../units/connections';
import { serviceRule } from './rule';

/**
 * A worker that runs out of its memory is killed, and every connection on it ends: somebody need only open enough of them.
 * @refuses an edge or an nginx whose limit is less than the connections that it accepts need, all of them busy
 * @fix raise `limits.memory` to the number that is told, or lower `nginx.connectionsPerAddress`
 */
export const connectionsFit = serviceRule('connections-fit', function* ({ props }) {
  if (!props.connections) return;
  const { held, cost } = props.connections;
  const needed = memoryFor(cost, held, 'busy');
  const { memory } = props.limits;
  if (memory.toBytes() >= needed.toBytes()) return;
  const fewer = perAddressIn(cost, memory);
  yield {
    problem: `accepts ${held.total} connections, which need ${memoryFor(cost, held, 'idle')} idle and ${needed} busy: its limit is ${memory}`,
    fix: `raise limits.memory to ${needed}${fewer > 0 ? `, or lower nginx.connectionsPerAddress to ${fewer}` : ''}`,
  };
});
