import { type Lab, labStatus } from '../lab/cluster/infrastructure';
import { LabError } from '../lab/ground/error';
import { run } from '../lab/ground/shell';
import { addAddresses } from './load/addresses';
import { start } from './load/entry';
import { CLIENT_ADDRESSES, loadPlan, mix } from './roll/mix';
import { Bench } from './roll/platform';
import { Scissors } from './rotate/cut';
import { complaints, measure, type Rotated } from './rotate/measure';
import { type Rotation, rotations, usual } from './rotate/scenarios';
import { rotationTable } from './rotate/show';
import { TOKEN_ADDRESSES } from './rotate/tokens';

/** `npm run bench:rotate [-- --only database,jwt] [--rate 0.3] [--minutes 60]`: every secret rotates and no client notices. */
const USAGE = `usage: npm run bench:rotate [-- [--only name,…] [--rate factor] [--minutes most] [--patient]]
--patient: health checks for a machine that is busy with other things
what rotates: ${usual.map(({ name }) => name).join(', ')}
deploys that are cut off, only with --only: ${rotations
  .filter((rotation) => !usual.includes(rotation))
  .map(({ name }) => name)
  .join(', ')}`;

interface Wish {
  readonly chosen: readonly Rotation[];
  readonly rate: number;
  readonly minutes: number;
  readonly patient: boolean;
}

async function main(): Promise<number> {
  const wish = parse(process.argv.slice(2));
  const lab = await runningLab();
  const scissors = new Scissors(lab.paths);
  const print = (line: string) => {
    console.log(`  ${line}`);
    scissors.see(line);
  };
  const bench = new Bench(lab, process.cwd(), print, wish.patient);
  const written = bench.target.secrets;
  const addresses = await addAddresses(lab.paths, CLIENT_ADDRESSES + TOKEN_ADDRESSES);
  const [clients, holders] = [
    addresses.list.slice(0, CLIENT_ADDRESSES),
    addresses.list.slice(CLIENT_ADDRESSES),
  ];
  const all: Rotated[] = [];
  const end = Date.now() + wish.minutes * 60_000;
  let stopped = '';
  const interrupt = () => {
    stopped ||= 'interrupted';
  };
  process.on('SIGINT', interrupt);
  try {
    console.log('the platform as it is written, with v1 of every application');
    await bench.deploy({});
    if (bench.deploysCompose) {
      throw new LabError(
        'this lab has no Terraform providers',
        'what rotates is what Terraform deploys; install them, then ./proctor lab up',
      );
    }
    for (const rotation of wish.chosen) {
      if (Date.now() > end) stopped ||= `${wish.minutes} minutes are over`;
      if (stopped) break;
      console.log(`\n${rotation.name}: ${rotation.title}`);
      const plan = loadPlan(bench.door, mix(clients, wish.rate));
      const one = await measure({ bench, scissors, plan, from: holders, print }, rotation);
      all.push(one);
      for (const failure of one.load.failures) {
        console.log(
          `  ${new Date(failure.failed).toISOString().slice(11, 23)} ${failure.stream}: ${failure.kind} ${failure.message}`,
        );
      }
      for (const line of complaints(one)) console.log(`  BROKEN: ${line}`);
    }
  } finally {
    process.off('SIGINT', interrupt);
    console.log('\nback to the platform and the secrets as they are written');
    bench.give({ ...emptied(bench.target.secrets), ...written });
    await bench.deploy({}).catch((error: Error) => console.log(`  not restored: ${error.message}`));
    await addresses.remove();
    bench.remove();
  }
  console.log(`\n${rotationTable(all)}\n`);
  const broken = all.filter((one) => complaints(one).length > 0).map(({ rotation }) => rotation.name);
  const missing = wish.chosen.slice(all.length).map(({ name }) => name);
  if (broken.length > 0) console.log(`broken: ${broken.join(', ')}`);
  if (missing.length > 0) console.log(`not run, ${stopped}: ${missing.join(', ')}`);
  return broken.length > 0 || missing.length > 0 ? 1 : 0;
}

/** Secrets that the lab does not have go. */
const emptied = (values: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.keys(values).map((name) => [name, '']));

async function runningLab(): Promise<Lab> {
  if (!labStatus()) {
    console.log('starting the lab');
    await run(process.execPath, ['proctor', 'lab', 'up']);
  }
  const lab = labStatus();
  if (!lab) throw new LabError('the lab does not run', 'start it: ./proctor lab up');
  return { ...lab, images: [] };
}

function parse(all: readonly string[]): Wish {
  const patient = all.includes('--patient');
  const args = all.filter((arg) => arg !== '--patient');
  const known = ['--only', '--rate', '--minutes'];
  const wrong = args.find((arg, index) => index % 2 === 0 && !known.includes(arg));
  if (wrong || args.length % 2 === 1)
    throw new LabError(`bench:rotate does not know ${args.join(' ')}`, USAGE);
  const value = (name: string) => (args.includes(name) ? args[args.indexOf(name) + 1] : undefined);
  const only = value('--only')?.split(',');
  const strange = only?.find((name) => !rotations.some((rotation) => rotation.name === name));
  if (strange !== undefined) throw new LabError(`there is nothing called ${strange} to rotate`, USAGE);
  const [rate, minutes] = [Number(value('--rate') ?? 0.3), Number(value('--minutes') ?? 60)];
  if (!(rate > 0 && rate <= 2)) throw new LabError(`--rate ${rate}`, 'give a factor up to 2');
  if (!(minutes > 0 && minutes <= 240)) throw new LabError(`--minutes ${minutes}`, 'give up to 240');
  return {
    chosen: only ? rotations.filter(({ name }) => only.includes(name)) : usual,
    rate,
    minutes,
    patient,
  };
}

start(main);
