import { type Lab, labStatus } from '../lab/cluster/infrastructure';
import { LabError } from '../lab/ground/error';
import { run } from '../lab/ground/shell';
import { addAddresses } from './load/addresses';
import { start } from './load/entry';
import { complaints, type Measured, measure } from './roll/measure';
import { CLIENT_ADDRESSES, loadPlan, mix } from './roll/mix';
import { Bench } from './roll/platform';
import { type Scenario, scenarios } from './roll/scenarios';
import { details, rollTable } from './roll/show';

/** `npm run bench:roll [-- --only setting,route] [--rate 1] [--minutes 60]`: no client notices a roll, and if one does, it shows. */
const USAGE = `usage: npm run bench:roll [-- [--only scenario,…] [--rate factor] [--minutes most] [--patient]]
--patient: health checks for a machine that is busy with other things
scenarios: ${scenarios.map(({ name }) => name).join(', ')}`;

/** Requests that the scenarios with a promise make together, in a whole run. */
const WANTED = 100_000;

interface Wish {
  readonly chosen: readonly Scenario[];
  readonly rate: number;
  readonly minutes: number;
  readonly patient: boolean;
}

async function main(): Promise<number> {
  const wish = parse(process.argv.slice(2));
  const lab = await runningLab();
  const bench = new Bench(lab, process.cwd(), (line) => console.log(`  ${line}`), wish.patient);
  const addresses = await addAddresses(lab.paths, CLIENT_ADDRESSES);
  const measured: Measured[] = [];
  const end = Date.now() + wish.minutes * 60_000;
  let stopped = '';
  const interrupt = () => {
    stopped ||= 'interrupted';
  };
  process.on('SIGINT', interrupt);
  try {
    console.log('the platform as it is written, with v1 of every application');
    await bench.deploy({});
    for (const scenario of wish.chosen) {
      if (Date.now() > end) stopped ||= `${wish.minutes} minutes are over`;
      if (stopped) break;
      console.log(`\n${scenario.name}: ${scenario.title}`);
      const plan = loadPlan(bench.door, mix(addresses.list, wish.rate));
      const one = await measure(bench, scenario, plan, addresses.list);
      measured.push(one);
      console.log(details(one));
      for (const line of complaints(one)) console.log(`  BROKEN: ${line}`);
      // What comes after it would be measured on something else than is written.
      if (one.failure !== undefined && scenario.apply !== 'badly')
        stopped ||= `${scenario.name} was not applied`;
    }
  } finally {
    process.off('SIGINT', interrupt);
    await restore(bench);
    await addresses.remove();
    bench.remove();
  }
  return conclude(measured, wish, stopped);
}

function conclude(measured: readonly Measured[], { chosen }: Wish, stopped: string): number {
  console.log(`\n${rollTable(measured)}\n`);
  const broken = measured.filter((one) => complaints(one).length > 0).map(({ scenario }) => scenario.name);
  const missing = chosen.slice(measured.length).map(({ name }) => name);
  const requests = measured
    .filter(({ scenario }) => scenario.failing === 'none')
    .reduce((sum, { load }) => sum + load.requests, 0);
  const few = chosen.length === scenarios.length && missing.length === 0 && requests < WANTED;
  if (broken.length > 0) console.log(`broken: ${broken.join(', ')}`);
  if (missing.length > 0) console.log(`not run, ${stopped}: ${missing.join(', ')}`);
  if (few) console.log(`${requests} requests are fewer than ${WANTED}: give a higher --rate`);
  return broken.length > 0 || missing.length > 0 || few ? 1 : 0;
}

/** What the last scenario left is no lab for the next program. */
async function restore(bench: Bench): Promise<void> {
  console.log('\nback to the platform as it is written');
  await bench.deploy({}).catch((error: Error) => console.log(`  not restored: ${error.message}`));
}

async function runningLab(): Promise<Lab> {
  if (!labStatus()) {
    const [command = '', ...args] = [process.execPath, 'proctor', 'lab', 'up'];
    console.log('starting the lab');
    await run(command, args);
  }
  const lab = labStatus();
  if (!lab) throw new LabError('the lab does not run', 'start it: ./proctor lab up');
  return { ...lab, images: [] };
}

function parse(all: readonly string[]): Wish {
  const patient = all.includes('--patient');
  const args = all.filter((arg) => arg !== '--patient');
  const value = (name: string) => {
    const at = args.indexOf(name);
    return at < 0 ? undefined : args[at + 1];
  };
  const known = ['--only', '--rate', '--minutes'];
  const wrong = args.find((arg, index) => index % 2 === 0 && !known.includes(arg));
  if (wrong || args.length % 2 === 1) throw new LabError(`bench:roll does not know ${args.join(' ')}`, USAGE);
  const only = value('--only')?.split(',');
  const strange = only?.find((name) => !scenarios.some((scenario) => scenario.name === name));
  if (strange) throw new LabError(`there is no scenario ${strange}`, USAGE);
  const rate = Number(value('--rate') ?? 1);
  const minutes = Number(value('--minutes') ?? 60);
  if (!(rate > 0 && rate <= 2)) throw new LabError(`--rate ${rate}`, 'give a factor up to 2');
  if (!(minutes > 0 && minutes <= 240)) throw new LabError(`--minutes ${minutes}`, 'give up to 240');
  return { chosen: scenarios.filter(({ name }) => !only || only.includes(name)), rate, minutes, patient };
}

start(main);
