import type { Service, Volume } from '../../../../../operations/docker/answers';
import { contentOf } from '../../../../../operations/docker/volume/archive';
import { putAside } from '../../../../../operations/docker/volume/put-aside';
import { foreignTo } from '../../../../../operations/preflight/volumes/foreign';
import { type Found, gatherVolumes, judgeVolumes } from '../../../../../operations/preflight/volumes/volumes';
import { declared } from '../../deploy/stack';

const meta = (...lines: string[]) =>
  new Map([['meta.properties', `#\n#Fri Nov 27 08:00:00 UTC 2026\n${lines.join('\n')}\n`]]);
const ZOOKEEPER = meta('cluster.id=abc_DEF-123', 'version=0', 'broker.id=1001');
const OWN = meta('cluster.id=5L6g3nShT-eMCtK--X86sw', 'version=1', 'node.id=1');

test.each([
  ['apache/kafka:4.1.1@sha256:aa', ZOOKEEPER, /a broker with ZooKeeper \(cluster abc_DEF-123, broker 1001\)/],
  [
    'registry.test/mirror/kafka:4.1.1',
    meta('cluster.id=other', 'version=1'),
    /another Kafka cluster \(other\)/,
  ],
  ['registry.test:5000/kafka:4.1.1@sha256:aa', ZOOKEEPER, /a broker with ZooKeeper/],
  ['registry.test:5000/mariadb:10.11', new Map([['mysql_upgrade_info', '11.4.3']]), /MariaDB 11\.4 wrote/],
  ['apache/kafka:4.1.1', OWN, undefined],
  ['apache/kafka:4.1.1', new Map(), undefined],
  // Another program may have a file of that name.
  ['acme/files:1', ZOOKEEPER, undefined],
  ['mariadb:10.11', new Map([['mysql.ibd', '']]), /MySQL 8 or later/],
  ['mariadb:10.11', new Map([['mariadb_upgrade_info', '11.4.3-MariaDB']]), /MariaDB 11\.4 wrote/],
  ['mariadb:10.11', new Map([['mysql_upgrade_info', '10.12.1-MariaDB']]), /MariaDB 10\.12 wrote/],
  ['mariadb:10.11', new Map([['mariadb_upgrade_info', '10.6.18-MariaDB']]), undefined],
  ['mariadb:lts', new Map([['mariadb_upgrade_info', '11.4.3-MariaDB']]), undefined],
])('%s on %p', (image, files: Map<string, string>, expected) => {
  if (expected) expect(foreignTo(image, files)).toMatch(expected);
  else expect(foreignTo(image, files)).toBeUndefined();
});

describe('the preflight', () => {
  const service = declared('kafka', { image: 'apache/kafka:4.1.1' });
  const found = (files: Map<string, string>, inUse = false): Found[] => [
    { service, volume: 'shop_kafka_data', files, inUse },
  ];

  test('names the volume, whose data it has, and ways that delete nothing unasked', () => {
    const [finding, ...more] = judgeVolumes(found(ZOOKEEPER));
    expect(more).toEqual([]);
    expect(finding).toMatchObject({ level: 'failure', check: 'volumes' });
    expect(finding?.text).toMatch(/the volume shop_kafka_data has the data of a broker with ZooKeeper/);
    expect(finding?.fix).toMatch(/let what wrote it serve it, or .*put it aside, and deploy again:$/);
    const aside = {
      id: 'kafka',
      service: 'shop_kafka',
      volume: 'shop_kafka_data',
      image: 'apache/kafka:4.1.1',
    };
    expect(finding?.commands).toEqual(putAside({ ...aside, exists: false }));
    const [old] = judgeVolumes(found(ZOOKEEPER, true));
    expect(old?.fix).toMatch(/docs\/adopt\.md first\..*which ends the shop_kafka that runs now/);
    expect(old?.commands).toEqual(putAside({ ...aside, exists: true }));
  });

  test('warns of one that nobody can look into, and how it can be', () => {
    expect(
      judgeVolumes([{ service, volume: 'shop_kafka_data', files: undefined, inUse: false }]),
    ).toMatchObject([
      {
        level: 'warning',
        text: expect.stringMatching(
          /^shop_kafka_data is there before the program, and the server has no image/,
        ),
        commands: ['docker pull apache/kafka:4.1.1'],
      },
    ]);
  });

  test('says which volumes it has looked into, and nothing where there was none', () => {
    expect(judgeVolumes(found(OWN))).toMatchObject([
      { level: 'ok', text: expect.stringContaining('shop_kafka_data') },
    ]);
    expect(judgeVolumes([])).toEqual([]);
  });
});

describe('it looks', () => {
  const kafka = declared('kafka', { image: 'apache/kafka:4.1.1@sha256:aa', volumes: ['shop_kafka_data'] });
  const running = (Image: string) => [
    { Spec: { Name: kafka.name, TaskTemplate: { ContainerSpec: { Image } } } } as unknown as Service,
  ];
  const look = async (services: readonly Service[], there = ['shop_kafka_data']) => {
    const looked: string[] = [];
    const docker = {
      volumes: async () => there.map((Name) => ({ Name }) as Volume),
      filesIn: async (volume: string) => {
        looked.push(volume);
        return new Map<string, string>();
      },
    };
    await gatherVolumes({ docker, services, stack: { services: [kafka] } });
    return looked;
  };

  test('where the program is new, or another one', async () => {
    expect(await look([])).toEqual(['shop_kafka_data']);
    expect(await look(running('wurstmeister/kafka:2.13-2.8.1'))).toEqual(['shop_kafka_data']);
  });

  test('not where it runs already, nor for a volume that is not there', async () => {
    expect(await look(running('apache/kafka:4.1.1@sha256:bb'))).toEqual([]);
    expect(await look(running('docker.io/apache/kafka:4.1.1'))).toEqual([]);
    expect(await look([], [])).toEqual([]);
  });
});

test('a file comes out of the archive in which Docker sends it', () => {
  const header = Buffer.alloc(512);
  header.write('meta.properties');
  header.write('00000000005\0', 124);
  expect(contentOf(Buffer.concat([header, Buffer.from('a=b\nc'), Buffer.alloc(507 + 1024)]))).toBe('a=b\nc');
});
