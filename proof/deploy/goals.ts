import type { Deployed, Way } from './measure';

export interface Goal {
  readonly goal: string;
  readonly measured: string;
  readonly held: boolean;
}

/** What is deployed in each way. */
export const WHAT = {
  nothing: 'nothing changed',
  one: 'one service',
  all: 'all six services',
  bad: 'a bad image',
  noDelay: 'one service, delay 0 s',
} as const;

const NO_OP_TIMES = 15;
const NO_OP_SECONDS = 5;
const VERDICT_SECONDS = 1;
const BESIDE_SWARM_SECONDS = 6;
const OVER_UPDATE_SECONDS = 5;
/** Of the six applications; the other has one replica and no second task to wait for. */
const WITH_TWO_REPLICAS = 5;

/** What was promised, and whether it was so. @param nodeCpus what the catalogue declares */
export function goals(all: readonly Deployed[], nodeCpus: number): Goal[] {
  const find = (what: string, way: Way) => {
    const found = all.find((one) => one.what === what && one.way === way);
    if (!found) throw new Error(`${what} was not deployed by ${way}`);
    return found;
  };
  const ours = (what: string) => find(what, './proctor deploy');
  const nothing = ours(WHAT.nothing);
  const times = find(WHAT.nothing, 'docker stack deploy').seconds / nothing.seconds;
  const bad = ours(WHAT.bad);
  const end = bad.afterRollback ?? Number.POSITIVE_INFINITY;
  const update = find(WHAT.one, 'docker service update').seconds;
  const over = sinceSwarmBegan(ours(WHAT.one)) - sinceSwarmBegan(find(WHAT.one, 'docker service update'));
  const six = ours(WHAT.all);
  const inTurn = WITH_TWO_REPLICAS * update;
  const failed = all
    .filter(({ way }) => way === './proctor deploy')
    .reduce((sum, one) => sum + one.failed, 0);
  return [
    {
      goal: `no-op at least ${NO_OP_TIMES} times faster`,
      measured: `${times.toFixed(1)} times`,
      held: times >= NO_OP_TIMES,
    },
    {
      goal: 'no-op touches nothing',
      measured: `${nothing.touched} services, ${nothing.previousSpecsChanged} PreviousSpec`,
      held: nothing.touched === 0 && nothing.previousSpecsChanged === 0,
    },
    ...[WHAT.one, WHAT.bad].map((what) => ({
      goal: `${what}: the gate's verdict at most ${VERDICT_SECONDS} s after Swarm's`,
      measured: `${verdictAfter(ours(what)).toFixed(1)} s`,
      held: verdictAfter(ours(what)) <= VERDICT_SECONDS,
    })),
    {
      goal: 'a bad image is rolled back, exit 2',
      measured: `the command ends ${end.toFixed(1)} s after rollback_completed, exit ${bad.exit}`,
      held: Number.isFinite(end) && bad.exit === 2,
    },
    {
      goal: `one service, from Swarm's start to its end and ours: at most ${OVER_UPDATE_SECONDS} s over docker service update`,
      measured: `${over.toFixed(1)} s over`,
      held: over <= OVER_UPDATE_SECONDS,
    },
    ...[WHAT.one, WHAT.all].map((what) => ({
      goal: `${what}: at most ${BESIDE_SWARM_SECONDS} s beside Swarm's own time`,
      measured: `${besideSwarm(ours(what)).toFixed(1)} s`,
      held: besideSwarm(ours(what)) <= BESIDE_SWARM_SECONDS,
    })),
    {
      goal: 'all six faster than one after another',
      measured: `${six.seconds.toFixed(1)} s, ${WITH_TWO_REPLICAS} updates in turn ${inTurn.toFixed(1)} s`,
      held: six.seconds < inTurn,
    },
    {
      goal: 'never over the declared capacity',
      measured: `${six.peak.cpus.toFixed(2)} of ${nodeCpus} CPUs`,
      held: six.peak.cpus <= nodeCpus,
    },
    { goal: 'no request fails', measured: `${failed} failed`, held: failed === 0 },
    {
      goal: `no-op in about ${NO_OP_SECONDS} s`,
      measured: `${nothing.seconds.toFixed(1)} s`,
      // Half a second more is still about that.
      held: nothing.seconds <= NO_OP_SECONDS + 0.5,
    },
  ];
}

/** Before Swarm begins, and after its end. */
const besideSwarm = ({ swarm }: Deployed): number =>
  swarm ? swarm.before + Math.max(0, swarm.after) : Number.POSITIVE_INFINITY;

const verdictAfter = ({ swarm }: Deployed): number => swarm?.verdict ?? Number.POSITIVE_INFINITY;

/** Until both the deploy and Swarm have ended: `docker service update` leaves while Swarm may still roll back. */
const sinceSwarmBegan = ({ swarm }: Deployed): number =>
  swarm ? swarm.updating + Math.max(0, swarm.after) : Number.POSITIVE_INFINITY;
