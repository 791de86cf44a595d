import { labStatus, labUp } from '../lab/cluster/infrastructure';
import { stopSidecars } from '../lab/cluster/sidecars';
import { ask } from '../lab/deploy/requests';
import { LabError } from '../lab/ground/error';
import { labPaths } from '../lab/ground/paths';
import { sleep } from '../lab/ground/shell';
import { table } from '../operations/terminal/table';
import { addAddresses } from './load/addresses';
import { CLIENT_ADDRESSES, loadPlan, mix } from './load/mix';
import { underLoad } from './load/under-load';
import { DeployCommand, type Ended } from './platform/deploy-command';
import { endpointOf, runningLab, untilServing } from './platform/lab';
import { readRate } from './runner/wish';
import { type Kept, keptData, lostOf, rowCount } from './upgrade/data';
import { olderVersion } from './upgrade/older';
import { costsOf, costTable, OTHERWISE, tooLong } from './upgrade/table';
import { outages } from './watch/outages';

/** Of load on the older version, whose rows and messages then have to be there. */
const FILL_SECONDS = 40;
const FRAMES = 3;
/** Longest deploy. */
const MAX_SECONDS = 1500;

/** Restarts of these are announced, and requests may fail meanwhile. */
const MAY_FAIL = ['edge', 'mariadb', 'kafka'];

/**
 * `./proctor bench upgrade <tag>`: a lab with the platform of that tag and data in it, over which the project as it is now is
 * deployed while clients ask. Resolves to the exit code.
 *
 * @throws LabError where a lab runs already, or there is no such tag
 */
export async function benchUpgrade(
  tag: string,
  written: { readonly rate: string | undefined },
): Promise<number> {
  const rate = readRate(written.rate, 0.3);
  if (labStatus()) {
    throw new LabError(
      `a lab runs in ${labPaths().dir}, and its platform is not of ${tag}`,
      'let LAB_DIR name another folder, or remove it first: ./proctor lab down',
    );
  }
  await startOlder(tag);
  const lab = await runningLab();
  const { list: clients, remove } = await addAddresses(lab.paths, CLIENT_ADDRESSES);
  const command = new DeployCommand(lab, process.cwd(), 'bench-upgrade');
  const plan = { ...loadPlan(endpointOf(lab), mix(clients, rate), MAX_SECONDS), keptFailures: 100_000 };
  try {
    await untilServing(lab, 120);
    console.log(`\n${FILL_SECONDS} s of requests, so that there is something to lose`);
    for (let frame = 0; frame < FRAMES; frame++) {
      await ask(lab, '/monitoring/frames', { method: 'POST', body: `frame ${frame}` });
    }
    const filled = await underLoad({ plan, watches: [] }, () => sleep(FILL_SECONDS));
    console.log(`  ${filled.load.requests} requests, ${filled.load.failed} failed`);
    const before = await keptData(lab);

    console.log('\nthe lab itself, as it is now');
    // Its mail server has a certificate since then; one that runs would stay.
    await stopSidecars(lab.paths);
    await labUp();

    const refused = await command.deploy();
    const needs = refused.result?.plan?.needs ?? [];
    console.log(`\nwithout an acknowledgement: ${endOf(refused)}`);
    for (const { name, why } of needs) console.log(`  ${name}: ${why}`);
    if (needs.length === 0) console.log(refused.output);

    const options = needs.length > 0 ? ['--acknowledge', needs.map(({ name }) => name).join(',')] : [];
    console.log(`\n./proctor deploy ${options.join(' ')}`);
    const rowsBefore = await rowCount(lab);
    const { result, load, seen, seconds } = await underLoad(
      { plan, watches: [outages(lab.paths.socket)], before: 3, after: 5 },
      () => command.deploy({}, options),
    );
    console.log(`  ${endOf(result)}, after ${seconds.toFixed(0)} s`);
    for (const row of result.result?.services ?? []) console.log(`  ${row.service} ${row.outcome}`);
    if (result.status !== 0) console.log(result.output);
    const costs = costsOf(seen[0], load.failures);
    console.log(`\n${costTable(costs, load)}`);

    const after = await keptData(lab, before);
    const acknowledged = load.posts - load.failedPosts;
    const made = (await rowCount(lab)) - rowsBefore;
    console.log(`\n${dataTable(before, after)}`);
    console.log(`\n${acknowledged} rows were acknowledged meanwhile, ${made} are there`);
    const again = await command.again().ended;
    console.log(`\nonce more: ${endOf(again)}`);

    const wrong = [
      ...(refused.result?.outcome === 'refused' ? [] : ['nothing had to be acknowledged']),
      ...(result.status === 0 ? [] : ['the deploy did not converge']),
      ...costs
        .filter(({ who, seconds: away, failed }) => !mayFail(who) && (away > 0 || failed > 0))
        .map(
          ({ who, failed }) =>
            `${who}: ${failed} requests failed, or nothing served, and that was not announced`,
        ),
      ...tooLong(costs, refused.result?.plan?.services ?? []),
      ...lostOf(before, after),
      ...(made >= acknowledged ? [] : [`${acknowledged - made} acknowledged rows are lost`]),
      ...(again.result?.outcome === 'unchanged' ? [] : ['a second deploy has something to do']),
    ];
    for (const line of wrong) console.log(`BROKEN: ${line}`);
    return wrong.length > 0 ? 1 : 0;
  } finally {
    command.remove();
    await remove();
  }
}

async function startOlder(tag: string): Promise<void> {
  const older = await olderVersion(process.cwd(), tag);
  try {
    console.log(`the platform of ${tag}`);
    console.log((await older.proctor('lab', 'up')).trim().split('\n').slice(-8).join('\n'));
  } finally {
    older.remove();
  }
}

const mayFail = (who: string): boolean =>
  who !== OTHERWISE && who.split(' and ').some((service) => MAY_FAIL.includes(service));

const endOf = ({ status, result }: Ended): string => `${result?.outcome ?? 'no result'}, exit ${status}`;

const dataTable = (before: Kept, after: Kept): string =>
  table([
    ['data', 'before', 'after', 'hash before', 'hash after'],
    ...before.map(({ what, count, hash }) => {
      const now = after.find((one) => one.what === what);
      return [what, String(count), String(now?.count ?? '–'), hash, now?.hash ?? '–'];
    }),
  ]).join('\n');
