import { EXIT_CODES, type Outcome, worst } from '../../contract/outcome';
import { ConnectionError, isConflict } from '../docker/explain';
import { sameSpec } from '../docker/standing';
import { SwarmClient, type SwarmOptions } from '../docker/swarm-client';
import { report } from '../rollout/report';
import { messageOf } from '../terminal/message-of';
import { harmless } from '../terminal/untrusted';
import type { Candidate } from './judge';
import { watchReturn } from './watch-return';

/** What became of one service. */
export interface Returned {
  /** `refused`: Docker did not do it, the service is as it was. */
  readonly outcome: Outcome | 'refused';
  readonly text: string;
}

/** Asks Swarm, and watches with the gate's own eyes. One that fails is a result: the others go on. */
export async function putBack(target: SwarmOptions, candidate: Candidate): Promise<Returned> {
  const { name, previous } = candidate;
  const swarm = new SwarmClient(target);
  let asked = false;
  try {
    const now = await swarm.docker.service(name);
    if (!sameSpec(now.PreviousSpec, previous)) return changed(name);
    await swarm.rollBack(name, now);
    asked = true;
    const result = await watchReturn(swarm, name, previous);
    return { outcome: result.outcome, text: report(result, { host: target.host, position: null }) };
  } catch (error) {
    return failed(name, error, asked);
  } finally {
    swarm.close();
  }
}

function failed(name: string, error: unknown, asked: boolean): Returned {
  const said = harmless(messageOf(error).trim()).replaceAll('\n', '\n  ');
  const look = lookAt(name);
  // Whether the question arrived is not known either when the connection broke over it.
  if (asked || error instanceof ConnectionError) {
    return { outcome: 'unreachable', text: `${name} UNKNOWN, it may be on its way back: ${said}\n  ${look}` };
  }
  if (isConflict(error)) return changed(name);
  return { outcome: 'refused', text: `${name} NOT PUT BACK, it is as it was: ${said}\n  ${look}` };
}

/** Since it was judged: what would come back now is something else. */
const changed = (name: string): Returned => ({
  outcome: 'superseded',
  text: `${name} NOT PUT BACK, somebody changes it right now\n  ${lookAt(name)}`,
});

const lookAt = (name: string): string => `docker service ps --no-trunc ${name} says where it stands`;

/** The worst of all; 1 where Docker refused one and no other ended worse. */
export function exitCodeOf(results: readonly Returned[]): number {
  const outcomes = results.flatMap(({ outcome }) => (outcome === 'refused' ? [] : [outcome]));
  return EXIT_CODES[worst(outcomes)] || (outcomes.length < results.length ? 1 : 0);
}
