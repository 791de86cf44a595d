import { labStatus } from '../lab/cluster/infrastructure';
import { LabError } from '../lab/ground/error';
import { table } from '../operations/terminal/table';
import { platform } from '../services.config';
import { serviceUpdate, stackDeploy } from './deploy/compose';
import { FrontDoor } from './deploy/front-door';
import { goals, WHAT } from './deploy/goals';
import { type Deployed, measureDeploy, type Way } from './deploy/measure';
import { sideBySide } from './deploy/show';
import { start } from './load/entry';
import { allImages, Bench, oneImage } from './roll/platform';
import type { Variant } from './roll/project';

/** `npm run bench:deploy [-- --rate 0.3]`: this project's deploy beside `docker stack deploy` of its compose form. */
const USAGE = 'usage: npm run bench:deploy [-- --rate factor]';

/** Each from what the one before left. */
const CASES: readonly { readonly what: string; readonly variant: Variant }[] = [
  { what: WHAT.nothing, variant: {} },
  { what: WHAT.one, variant: { one: oneImage('userservice', 'v2') } },
  { what: WHAT.all, variant: { images: allImages('v2'), one: oneImage('userservice', 'v1') } },
  { what: WHAT.bad, variant: { images: allImages('v2'), one: oneImage('userservice', 'bad') } },
];

async function main(): Promise<number> {
  const rate = parse(process.argv.slice(2));
  const status = labStatus();
  if (!status) throw new LabError('the lab does not run', 'start it: ./proctor lab up');
  const lab = { ...status, images: [] };
  const root = process.cwd();
  const door = new FrontDoor(lab, root, 'bench-door');
  const bench = new Bench(lab, root, (line) => console.log(`  ${line}`));
  const all: Deployed[] = [];
  const measured = async (what: string, way: Way, work: () => Promise<number>) => {
    console.log(`\n${way}: ${what}`);
    const one = await measureDeploy(bench, { what, way, rate }, work);
    all.push(one);
    console.log(`  ${one.seconds.toFixed(1)} s, exit ${one.exit}, ${one.failed} of ${one.requests} failed`);
  };
  try {
    await asWritten(door);
    for (const { what, variant } of CASES) {
      await measured(what, 'npm run deploy', async () => (await door.deploy(variant)).status ?? 1);
    }
    console.log('\nthe compose form of the platform as it is written');
    await (await compose(bench, {})).run();
    for (const { what, variant } of CASES) {
      // Writing the compose file and the secrets is no part of `docker stack deploy`, while synth is one of ours.
      const stack = await compose(bench, variant);
      await measured(what, 'docker stack deploy', () => stack.run());
    }
    for (const [what, tag, flags] of [
      [WHAT.one, 'v2', []],
      [WHAT.noDelay, 'v1', ['--update-delay', '0s']],
    ] as const) {
      const image = `${lab.registry}/proctorwise-userservice:${tag}`;
      await measured(what, 'docker service update', () =>
        serviceUpdate(bench.target, 'userservice', ['--image', image, ...flags]),
      );
    }
    return conclude(all);
  } finally {
    console.log('');
    await asWritten(door).catch((error: Error) => console.log(error.message));
    door.remove();
    bench.remove();
  }
}

function conclude(all: readonly Deployed[]): number {
  console.log(`\n${sideBySide(all)}\n`);
  const list = goals(all, platform.environments.lab.node.cpus.toCores());
  const rows = list.map(({ goal, measured, held }) => [goal, measured, held ? 'held' : 'MISSED']);
  console.log(table([['goal', 'measured', ''], ...rows]).join('\n'));
  const made = (what: string, way: Way) => all.find((one) => one.what === what && one.way === way);
  const deploy = made(WHAT.one, 'npm run deploy');
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

async function asWritten(door: FrontDoor): Promise<void> {
  console.log('the platform as it is written');
  const { status, output } = await door.deploy();
  if (status !== 0) throw new Error(`not deployed: ${status}\n${output}`);
}

function compose(bench: Bench, variant: Variant): ReturnType<typeof stackDeploy> {
  bench.write(variant);
  return stackDeploy(bench.target);
}

function parse(args: readonly string[]): number {
  const [flag, value, ...rest] = args;
  const rate = flag === undefined ? 0.3 : Number(value);
  if (rest.length > 0 || (flag !== undefined && flag !== '--rate') || !(rate > 0 && rate <= 2)) {
    throw new LabError(`bench:deploy does not know ${args.join(' ')}`, USAGE);
  }
  return rate;
}

start(main);
