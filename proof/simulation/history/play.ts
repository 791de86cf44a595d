import { SwarmClient } from '../../../operations/docker/swarm-client';
import { Redactor } from '../../../operations/redact/redactor';
import { currentPlan, currentTimings } from '../../../operations/rollout/current-spec';
import { limitsOf } from '../../../operations/rollout/deadline';
import { watch } from '../../../operations/rollout/watch';
import { SimulatedDocker } from '../api/docker';
import { Line } from '../api/line';
import { EPOCH } from '../api/views';
import { before } from '../scenario/build';
import { of, type Scenario } from '../scenario/ingredients';
import { planOf, SERVICE } from '../scenario/spec';
import { deploy, troublesOf } from './deploy';
import { schedule } from './happen';
import { lookAtAll } from './look';
import { ended, type Played } from './played';
import { wayBack } from './way-back';

const NOTHING_SECRET = new Redactor();
const HOST = 'ssh://root@vps.example';

/** Lets a history happen, with the product's own gate in it. */
export async function play(scenario: Scenario): Promise<Played> {
  const { world, deployAt } = before(scenario);
  const { agenda, control } = world;
  const was = control.find(SERVICE);
  const index = world.store.index;
  const spec = deploy(world, scenario);
  const changes = world.store.index > index;
  schedule(world, scenario);
  const line = new Line(agenda, world.random, troublesOf(scenario, deployAt), () => world.manager.leads);
  const docker = new SimulatedDocker(world, line);
  agenda.runUntil(deployAt + (of(scenario, 'gateAfter')?.ms ?? 500));
  const watchedFrom = agenda.now;
  const alone = of(scenario, 'alone');
  // Run alone, the gate takes what it finds as the plan.
  const planned = alone ? (control.find(SERVICE)?.spec ?? spec) : spec;
  const observe = of(scenario, 'observe');
  const deadline = of(scenario, 'deadline');
  const plan = alone ? currentPlan({ Spec: planned }) : planOf(planned);
  const limits = limitsOf(
    {
      ...currentTimings({ Spec: planned }),
      ...(observe ? { observeSeconds: observe.ms / 1000 } : {}),
      ...(deadline ? { deadlineSeconds: deadline.ms / 1000 } : {}),
    },
    plan.replicas,
  );
  const ownClock = of(scenario, 'ownClock')?.ms ?? 0;
  const swarm = new SwarmClient({
    host: HOST,
    redactor: NOTHING_SECRET,
    simulated: { docker, now: () => EPOCH + agenda.now + ownClock },
  });
  const said: string[] = [];
  const facts = { scenario, world, docker, deployAt, watchedFrom, changes, planned, limits, said };
  try {
    const result = await watch({
      service: SERVICE,
      swarm,
      clock: world.clock,
      measure: {
        planned: plan,
        ...limits,
        mayRollBack: alone ? alone.rollBack : true,
        mayResume: !alone,
        judgeStatus: Boolean(alone),
      },
      onProgress: ({ waitsFor }) => {
        if (said.at(-1) !== waitsFor) said.push(waitsFor);
      },
    });
    const first = { ...facts, ...ended(world, docker), result };
    const status = await lookAtAll(docker);
    return { ...first, status, back: await wayBack(first, swarm, was) };
  } catch (thrown) {
    return { ...facts, ...ended(world, docker), thrown };
  }
}
