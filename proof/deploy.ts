import { EXIT_UNWELL } from '../contract/outcome';
import type { Lab } from '../lab/cluster/infrastructure';
import { table } from '../operations/terminal/table';
import { platform } from '../services.config';
import { type StackDeploy, serviceUpdate, stackDeploy } from './deploy/compose';
import { goals, WHAT } from './deploy/goals';
import { type DeployEnd, type Deployed, measureDeploy, type Way } from './deploy/measure';
import { sideBySide } from './deploy/text';
import type { Bench } from './platform/bench';
import { DeployCommand } from './platform/deploy-command';
import { runningLab } from './platform/lab';
import { allImages, oneImage, type Variant } from './platform/patch';
import { withBench } from './runner/bench';
import { readRate } from './runner/wish';

/** Each from what the one before left. */
const CASES: readonly { readonly what: string; readonly variant: Variant }[] = [
  { what: WHAT.nothing, variant: {} },
  { what: WHAT.one, variant: { one: oneImage('userservice', 'v2') } },
  { what: WHAT.all, variant: { images: allImages('v2'), one: oneImage('userservice', 'v1') } },
  { what: WHAT.bad, variant: { images: allImages('v2'), one: oneImage('userservice', 'bad') } },
];

/**
 * `./proctor bench deploy`: this project's deploy beside `docker stack deploy` of its compose form. Resolves to the exit
 * code.
 */
export async function benchDeploy(written: { readonly rate: string | undefined }): Promise<number> {
  const rate = readRate(written.rate, 0.3);
  const lab = await runningLab();
  const command = new DeployCommand(lab, process.cwd(), 'bench-deploy');
  try {
    return conclude(await deployEachWay(lab, command, rate));
  } finally {
    command.remove();
  }
}

function deployEachWay(lab: Lab, command: DeployCommand, rate: number): Promise<Deployed[]> {
  // The compose form writes MariaDB's mounts and capabilities in an order of its own, and another bench may have left other
  // health checks: the way back restarts services.
  const restore = () => deployAsWritten(command, ['--acknowledge', 'edge,kafka,mariadb']);
  return withBench(lab, { restore }, async (place) => {
    const { bench } = place;
    const all: Deployed[] = [];
    const measured = async (what: string, way: Way, work: () => Promise<DeployEnd>) => {
      console.log(`\n${way}: ${what}`);
      const one = await measureDeploy(place, { what, way, rate }, work);
      all.push(one);
      console.log(`  ${one.seconds.toFixed(1)} s, exit ${one.exit}, ${one.failed} of ${one.requests} failed`);
    };
    console.log('the platform as it is written');
    await restore();
    for (const { what, variant } of CASES) {
      await measured(what, './proctor deploy', async () => {
        const { status, at, verdicts } = await command.deploy(variant);
        return { exit: status ?? 1, at, verdicts };
      });
    }
    console.log('\nthe compose form of the platform as it is written');
    await (await writeStack(bench, {})).run();
    for (const { what, variant } of CASES) {
      // Writing the compose file and the secrets is no part of `docker stack deploy`, while synth is one of ours.
      const stack = await writeStack(bench, variant);
      await measured(what, 'docker stack deploy', async () => ({ exit: await stack.run() }));
    }
    for (const [what, tag, flags] of [
      [WHAT.one, 'v2', []],
      [WHAT.noDelay, 'v1', ['--update-delay', '0s']],
    ] as const) {
      const image = `${lab.registry}/proctorwise-userservice:${tag}`;
      await measured(what, 'docker service update', async () => ({
        exit: await serviceUpdate(bench.target, 'userservice', ['--image', image, ...flags]),
      }));
    }
    return all;
  });
}

function conclude(all: readonly Deployed[]): number {
  console.log(`\n${sideBySide(all)}\n`);
  const list = goals(all, platform.environments.lab.node.cpus.toCores());
  const rows = list.map(({ goal, measured, held }) => [goal, measured, held ? 'held' : 'MISSED']);
  console.log(table([['goal', 'measured', ''], ...rows]).join('\n'));
  const made = (what: string, way: Way) => all.find((one) => one.what === what && one.way === way);
  const deploy = made(WHAT.one, './proctor deploy');
  const update = made(WHAT.one, 'docker service update');
  const without = made(WHAT.noDelay, 'docker service update');
  const cost = ((update?.seconds ?? 0) - (without?.seconds ?? 0)).toFixed(1);
  console.log(`\nthe delay of 10 s costs ${cost} s for each service with two replicas`);
  if (deploy?.swarm && update?.swarm) {
    const whole = (deploy.seconds - update.seconds).toFixed(1);
    console.log(
      `one service takes ${whole} s more than docker service update: ${deploy.swarm.before.toFixed(1)} s of preflight, plan and apply before Swarm begins, and ${(-update.swarm.after).toFixed(1)} s in which Swarm still decides after docker service update has left`,
    );
  }
  return list.every(({ held }) => held) ? 0 : 1;
}

/** So long a service counts as not well whose tasks have failed: those of a lab that was stopped have, when it comes up. */
const UNWELL_MS = 180_000;

async function deployAsWritten(command: DeployCommand, args: readonly string[]): Promise<void> {
  const until = Date.now() + UNWELL_MS;
  for (;;) {
    const { status, output } = await command.deploy({}, args);
    if (status === 0) return;
    if (status !== EXIT_UNWELL || Date.now() >= until) throw new Error(`not deployed: ${status}\n${output}`);
    await new Promise((resolve) => setTimeout(resolve, 10_000));
  }
}

function writeStack(bench: Bench, variant: Variant): Promise<StackDeploy> {
  bench.write(variant);
  return stackDeploy(bench.target);
}
