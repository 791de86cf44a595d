import { LabError } from '../lab/error';
import { labStatus } from '../lab/infrastructure';
import { serviceUpdate, stackDeploy } from './deploy/compose';
import { type Deployed, measureDeploy } from './deploy/measure';
import { sideBySide } from './deploy/show';
import { start } from './load/entry';
import { allImages, Bench, oneImage } from './roll/platform';
import type { Variant } from './roll/project';

/** `npm run bench:deploy [-- --rate 0.3]`: this project's deploy beside `docker stack deploy` of its compose form. */
const USAGE = 'usage: npm run bench:deploy [-- --rate factor]';

const CASES: readonly { readonly what: string; readonly variant: Variant }[] = [
  { what: 'nothing changed', variant: {} },
  { what: 'one service', variant: { one: oneImage('userservice', 'v2') } },
  { what: 'all six services', variant: { images: allImages('v2') } },
  { what: 'a bad image', variant: { images: allImages('v2'), one: oneImage('userservice', 'bad') } },
];

async function main(): Promise<number> {
  const rate = parse(process.argv.slice(2));
  const status = labStatus();
  if (!status) throw new LabError('the lab does not run', 'start it: npm run lab');
  const bench = new Bench({ ...status, images: [] }, process.cwd(), (line) => console.log(`  ${line}`));
  const all: Deployed[] = [];
  let least = 0;
  try {
    for (const way of ['terraform', 'stack deploy'] as const) {
      console.log(`\n${way}: the platform as it is written`);
      await bench.deploy({}, true);
      if (way === 'terraform') least = await leastUpdate(bench);
      else await (await compose(bench, {})).run();
      for (const { what, variant } of CASES) {
        console.log(`\n${way}: ${what}`);
        // Writing the compose file and the secrets is no part of `docker stack deploy`, while synth is one of ours.
        const stack = way === 'terraform' ? undefined : await compose(bench, variant);
        const work = () => (stack ? stack.run() : bench.deploy(variant, true));
        const one = await measureDeploy(bench, { what, way, rate }, work);
        all.push(one);
        console.log(
          `  ${one.seconds.toFixed(1)} s, exit ${one.exit}, ${one.failed} of ${one.requests} failed`,
        );
      }
    }
  } finally {
    console.log('\nback to the platform as it is written');
    await bench.deploy({}, true).catch((error: Error) => console.log(`  not restored: ${error.message}`));
    bench.remove();
  }
  console.log(
    `\n${sideBySide(all)}\n\ndocker service update --detach=false of one service: ${least.toFixed(1)} s`,
  );
  return 0;
}

function compose(bench: Bench, variant: Variant): ReturnType<typeof stackDeploy> {
  bench.write(variant);
  return stackDeploy(bench.target);
}

/** Seconds that Swarm itself takes for one service, there and back. */
async function leastUpdate(bench: Bench): Promise<number> {
  const image = (tag: string) => `${bench.lab.registry}/proctorwise-userservice:${tag}`;
  const start = Date.now();
  await serviceUpdate(bench.target, 'userservice', image('v2'));
  const seconds = (Date.now() - start) / 1000;
  await bench.deploy({}, true);
  return seconds;
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
