import { connectionsOf } from '../../constructs/units/connections';
import { PORTS } from '../../lab/deploy/target';
import { RefusedCounter, refusedInWords } from '../../operations/status/refused';
import { formatSize } from '../../operations/terminal/quantities';
import { Attacker, type Toll } from '../attack/attacker';
import type { Attack } from '../attack/attacks';
import type { Report, ScenarioWatch } from '../runner/scenario';
import { DOORS, type Door, lookAtDoors } from './doors';

/** 16 large bodies of 50 MB and 300 small ones. */
const MOST_DISK = 1_200_000_000;

/** What is being ended, and what has been opened and not yet counted. */
const TOLERANCE = 1.05;

/** What must be seen of a control, where limits are off: that others fail says not yet that they fail for this. */
export interface Reason {
  readonly what: string;
  /** In the logs of edge and nginx. */
  readonly line: RegExp;
}

/** An attack from an address that no client has, and what it does to edge and nginx. */
export const attacked =
  (attack: Attack, reason?: Reason): ScenarioWatch =>
  ({ bench, apart }) => {
    const port = attack.tls === false ? PORTS.http : bench.endpoint.port;
    const from = apart[0]!;
    const attacker = new Attacker(attack, { address: bench.endpoint.address, port, from });
    let begun = 0;
    let doors: readonly Door[] = [];
    let toll: Toll | undefined;
    return {
      start: () => {
        begun = Math.floor(Date.now() / 1000);
        attacker.start();
      },
      stop: async () => {
        if (toll) return;
        // While all of it is there.
        if (begun > 0) doors = await lookAtDoors(bench);
        toll = attacker.stop();
      },
      report: async () => {
        const logs: string[] = [];
        for (const name of DOORS) logs.push(await bench.logs(name, begun));
        return reportOf(attack, { toll: toll!, doors, logs, from, reason });
      },
    };
  };

/** What there is to judge an attack by. */
export interface Traces {
  readonly toll: Toll;
  readonly doors: readonly Door[];
  /** What edge and nginx have written. */
  readonly logs: readonly string[];
  /** The attacker's address. */
  readonly from: string;
  /** Of a control. */
  readonly reason?: Reason | undefined;
}

/** What is wrong with it, and its numbers. */
export function reportOf(attack: Attack, { toll, doors, logs, from, reason }: Traces): Report {
  const counter = new RefusedCounter();
  for (const log of logs) counter.add(log);
  const refused = counter.result();
  const seen = doors.find(({ name }) => name === 'edge')?.clients ?? new Map<string, number>();
  const named = logs.reduce((sum, log) => sum + countLines(log, from), 0);
  const disk = doors.reduce((sum, door) => sum + door.disk, 0);
  const held = seen.get(from) ?? 0;
  const hits = reason ? countMatches(logs, reason.line) : 0;
  const attacks = [
    ...(toll.opened === 0 ? ['nobody attacked'] : []),
    ...(!attack.hangsUp && held === 0 ? [`the edge sees no connection from ${from}`] : []),
    // A request that does not end its header is logged before nginx knows more than the edge's address.
    ...(attack.opening?.includes('\r\n\r\n') && named === 0 ? [`nginx's log does not know ${from}`] : []),
  ];
  const harm = [
    ...(refused.workers > 0 ? [`${refused.workers} workers were killed`] : []),
    ...(disk > MOST_DISK ? [`${formatSize(disk)} of the disk were taken`] : []),
    ...endOf(attack, toll, held, refused.connections),
  ];
  const others = [...seen.values()].reduce((sum, count) => sum + count, 0) - held;
  return {
    wrong: [
      ...attacks,
      ...(reason ? (hits === 0 ? [`others failed, but not by ${reason.what}`] : []) : harm),
    ],
    details: [
      `attacker ${from}: ${toll.tried} connections tried, ${toll.opened} opened, ${toll.held} at most, ${toll.left} at the end, ${toll.ended} ended by the platform; answers: ${statusesInWords(toll)}`,
      `the edge sees ${held} of it, and ${others} of ${seen.size - (held > 0 ? 1 : 0)} others; nginx's log has ${named} lines of it`,
      `refused: ${refusedInWords(refused) || 'nothing'}`,
      `memory: ${doors.map(({ name, memory }) => `${name} ${memory}`).join(', ')}; disk: ${formatSize(disk)}`,
      ...(reason ? [...harm, `${reason.what}: ${hits} times`] : []),
    ],
    cells: {
      held: String(held),
      refused: String(
        refused.connections + Object.values(refused.byRoute).reduce((sum, one) => sum + one, 0),
      ),
      memory: doors.map((door) => door.memory.split(' / ')[0]).join(', '),
      disk: formatSize(disk),
    },
  };
}

function endOf({ end, most }: Attack, toll: Toll, held: number, refused: number): string[] {
  if (end === 'served') {
    const answered = toll.statuses[200] ?? 0;
    return answered === most && toll.left === most
      ? []
      : [`${answered} of ${most} were answered, ${toll.left} still open at the end`];
  }
  if (end !== 'stopped') return [];
  const { perAddress } = connectionsOf();
  return [
    ...(refused === 0 ? ['nothing stopped it'] : []),
    ...(held > perAddress * TOLERANCE ? [`it has ${held} connections, and may have ${perAddress}`] : []),
  ];
}

const statusesInWords = ({ statuses }: Toll): string =>
  Object.entries(statuses)
    .map(([status, count]) => `${count} × ${status}`)
    .join(', ') || 'none';

const countLines = (log: string, address: string): number =>
  log.split('\n').filter((line) => line.startsWith(`${address} [`)).length;

const countMatches = (logs: readonly string[], line: RegExp): number =>
  logs.reduce((sum, log) => sum + log.split('\n').filter((one) => line.test(one)).length, 0);
