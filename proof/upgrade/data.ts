import { createHash } from 'node:crypto';
import type { Lab } from '../../lab/cluster/infrastructure';
import { ask } from '../../lab/deploy/requests';
import { docker } from '../../lab/engine/docker';
import { containersOf } from '../platform/swarm';

/** A table, a topic's partition or a folder: how much is in it, and a hash of that. */
export interface Holding {
  readonly what: string;
  readonly count: number;
  readonly hash: string;
}

/** All that the platform keeps, as far as it was there at one moment. */
export type Kept = readonly Holding[];

/**
 * @param before what was there at an earlier moment: what came later is left out. @default all of it
 */
export async function keptData(lab: Lab, before?: Kept): Promise<Kept> {
  const limit = (what: string) =>
    before ? (before.find((one) => one.what === what)?.count ?? 0) : undefined;
  return [...(await tables(lab, limit)), ...(await messages(lab, limit)), await frames(lab, before)];
}

/** What is not as it was, one line each. */
export function lostOf(before: Kept, after: Kept): string[] {
  return before.flatMap(({ what, count, hash }) => {
    const now = after.find((one) => one.what === what);
    if (!now) return [`${what} is gone`];
    if (now.count !== count) return [`${what} has ${now.count} of ${count}`];
    return now.hash === hash ? [] : [`${what} has other contents`];
  });
}

/** Rows that requests made. */
export async function rowCount(lab: Lab): Promise<number> {
  const all = await tables(lab, () => undefined);
  return all.reduce((sum, { count }) => sum + count, 0);
}

type Limit = (what: string) => number | undefined;

async function inside(lab: Lab, service: string, input: string, ...command: string[]): Promise<string> {
  const [container = ''] = await containersOf(lab.paths, service);
  return docker(lab.paths, ['exec', '--interactive', container, ...command], { input, timeoutSeconds: 300 });
}

const words = (text: string): string[][] =>
  text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => line.trim().split(/\s+/));

/** Rows by their key, which only grows: each one's MD5, all of them one by exclusive or. */
async function tables(lab: Lab, limit: Limit): Promise<Holding[]> {
  const sql = (text: string) =>
    inside(
      lab,
      'mariadb',
      text,
      'mariadb',
      '--protocol=socket',
      '-uroot',
      '--batch',
      '--skip-column-names',
    ).then(words);
  const databases = await sql(
    "SELECT table_schema FROM information_schema.tables WHERE table_name = 'records' ORDER BY 1;",
  );
  const found: Holding[] = [];
  for (const [database = ''] of databases) {
    const what = `rows of ${database}.records`;
    const first = limit(what);
    const rows = `SELECT * FROM \`${database}\`.records ORDER BY id ${first === undefined ? '' : `LIMIT ${first}`}`;
    const row = "MD5(CONCAT_WS('\\0', id, kind, content, made_by, made_at))";
    const [[count, hash] = []] = await sql(
      `SELECT COUNT(*), LOWER(HEX(BIT_XOR(CAST(CONV(LEFT(${row}, 16), 16, 10) AS UNSIGNED)))) FROM (${rows}) AS some;`,
    );
    found.push({ what, count: Number(count), hash: hash ?? '' });
  }
  return found;
}

/** Kafka's tools would take the broker's heap for their own. */
const TOOL = ['env', 'KAFKA_HEAP_OPTS=-Xmx96m'];
const BROKER = ['--bootstrap-server', 'kafka:9092'];

async function messages(lab: Lab, limit: Limit): Promise<Holding[]> {
  const tool = (name: string, ...args: string[]) =>
    inside(lab, 'kafka', '', ...TOOL, `/opt/kafka/bin/${name}.sh`, ...BROKER, ...args);
  const partitions = (await tool('kafka-get-offsets', '--exclude-internal-topics'))
    .split('\n')
    .filter((line) => line !== '')
    .sort();
  const found: Holding[] = [];
  for (const line of partitions) {
    const [topic = '', partition = '', end = ''] = line.split(':');
    const what = `messages of ${topic}`;
    const count = limit(what) ?? Number(end);
    const read =
      count === 0
        ? ''
        : await tool(
            ...([
              'kafka-console-consumer',
              '--topic',
              topic,
              '--partition',
              partition,
              '--offset',
              '0',
            ] as const),
            ...['--max-messages', String(count), '--timeout-ms', '60000'],
          );
    const had = read.split('\n').filter((message) => message !== '');
    found.push({ what, count: had.length, hash: hashOf(read) });
  }
  return found;
}

/** Files that monitoring keeps, in a volume that its tasks share. */
async function frames(lab: Lab, before: Kept | undefined): Promise<Holding> {
  const what = 'frames of monitoring';
  const { body } = await ask(lab, '/monitoring/frames');
  const all = (JSON.parse(body) as { frames: string[] }).frames;
  const count = before?.find((one) => one.what === what)?.count ?? all.length;
  // Their names have the time.
  const first = [...all].sort((a, b) => timeIn(a) - timeIn(b)).slice(0, count);
  return { what, count: first.length, hash: hashOf(first.sort().join('\n')) };
}

const timeIn = (name: string): number => Number(/-(\d+)\.bin$/.exec(name)?.[1] ?? 0);

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16);
