import { differencesFromState } from '../../../operations/fresh/as-in-state';
import { readHeld } from '../../../operations/fresh/held';
import { recordOf, type Sight, whyNotFresh } from '../../../operations/fresh/record';
import { readFacts } from '../../../operations/fresh/state-facts';
import { SimulatedDocker } from '../api/docker';
import { Line } from '../api/line';
import { EPOCH } from '../api/views';
import { deploy, troublesOf } from '../history/deploy';
import { schedule } from '../history/happen';
import { before } from '../scenario/build';
import { of, type Scenario } from '../scenario/ingredients';
import { SERVICE } from '../scenario/spec';
import type { ServiceRecord } from '../swarm/records';
import { somebodyElse } from '../world/somebody-else';
import type { World } from '../world/world';
import { stateOf } from './state';

/** What was recorded after a deploy, and what was made of that later. */
export interface PlayedRecord {
  readonly world: World;
  /** What the state has of the service. */
  readonly inState: ServiceRecord;
  /** Of when the answers behind the record were, where one was made. */
  readonly recordedAt?: number;
  /** Of when the answers of the later look were; absent where it got none. */
  readonly lookedAt?: number;
  /** Why everything is to be read again. */
  readonly why?: string | undefined;
}

/** The product's own record and its own look at it, about a deploy without its gate. */
export async function playRecord(scenario: Scenario): Promise<PlayedRecord | undefined> {
  const plan = of(scenario, 'record');
  if (!plan) return undefined;
  const { world, deployAt } = before(scenario);
  const { agenda, control } = world;
  deploy(world, scenario);
  schedule(world, scenario);
  const line = new Line(agenda, world.random, troublesOf(scenario, deployAt), () => world.manager.leads);
  const docker = new SimulatedDocker(world, line);
  agenda.runUntil(deployAt + plan.readAt);
  const inState = control.find(SERVICE);
  if (!inState) return undefined;
  agenda.runUntil(agenda.now + plan.ms);
  const facts = readFacts(stateOf(inState));
  const look = async (): Promise<Sight | undefined> => {
    try {
      const held = await readHeld(docker, facts.known);
      return { namespace: 'stack', facts, providers: 'docker 3.6.2', held };
    } catch {
      // Nothing is recorded then, or everything is read.
      return undefined;
    }
  };
  const first = await look();
  const proved = first && differencesFromState(facts, first.held).length === 0;
  if (!proved) return { world, inState };
  const recordedAt = docker.told.service;
  const record = recordOf(first);
  // What happens within one millisecond is of no order.
  agenda.runUntil(agenda.now + plan.later + 1);
  if (plan.what) somebodyElse(world, SERVICE, plan.what);
  const second = await look();
  return {
    world,
    inState,
    recordedAt,
    ...(second ? { lookedAt: docker.told.service, why: whyNotFresh(second, [record], EPOCH) } : {}),
  };
}
