import { parseImage } from '../../../constructs/units/image-name';

/** Files by which a volume's data is known, and the words of whoever would refuse it. */
export const TELLTALES = [
  'meta.properties',
  'mysql.ibd',
  'mariadb_upgrade_info',
  'mysql_upgrade_info',
] as const;

export type Telltales = ReadonlyMap<string, string | undefined>;

/** What the image takes for its cluster where nobody names another: bash-config of apache/kafka 3.7 to 4.1. */
const KAFKA_CLUSTER = '5L6g3nShT-eMCtK--X86sw';

/** Why the program in this image would not start on that data; undefined where nothing speaks against it. */
export function foreignTo(image: string, files: Telltales): string | undefined {
  const { path, tag = '' } = parseImage(image);
  const program = path.slice(path.lastIndexOf('/') + 1);
  const meta = files.get('meta.properties');
  if (program === 'kafka' && meta !== undefined) return kafka(propertiesOf(meta));
  if (program === 'mariadb') return mariadb(tag, files);
  return undefined;
}

function kafka(meta: Readonly<Record<string, string>>): string | undefined {
  const { version, 'cluster.id': cluster = 'unknown', 'broker.id': broker } = meta;
  if (version === '0') {
    return `the data of a broker with ZooKeeper (cluster ${cluster}, broker ${broker ?? 'unknown'}), which no Kafka without ZooKeeper reads`;
  }
  return cluster === KAFKA_CLUSTER ? undefined : `the data of another Kafka cluster (${cluster})`;
}

function mariadb(tag: string, files: Telltales): string | undefined {
  if (files.get('mysql.ibd') !== undefined)
    return 'the data of MySQL 8 or later, which MariaDB does not read';
  const wrote = files.get('mariadb_upgrade_info') ?? files.get('mysql_upgrade_info');
  const [written, planned] = [release(wrote), release(tag)];
  if (!written || !planned || compare(planned, written) >= 0) return undefined;
  return `data that MariaDB ${written.join('.')} wrote, which an older one does not read`;
}

/** Major and minor. */
function release(text = ''): readonly [number, number] | undefined {
  const found = /^(\d+)\.(\d+)/.exec(text.trim());
  return found ? [Number(found[1]), Number(found[2])] : undefined;
}

const compare = (a: readonly [number, number], b: readonly [number, number]): number =>
  a[0] - b[0] || a[1] - b[1];

const propertiesOf = (text: string): Record<string, string> =>
  Object.fromEntries(
    text
      .split('\n')
      .filter((line) => /^[^#=]+=/.test(line))
      .map((line) => [line.slice(0, line.indexOf('=')).trim(), line.slice(line.indexOf('=') + 1).trim()]),
  );
