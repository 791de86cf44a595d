import { Memory } from '../../../../../constructs';
import { type DiskOptions, partitionBounds } from '../../../../../constructs/backends/kafka/disk';
import { platform } from '../../../../../services.config';
import { Workplace } from '../../../../support/platform/platform';

const workplace = new Workplace();
afterAll(() => workplace.remove());

const MIB = 1024 ** 2;
const topics = ['orders', 'payments'];

test.each<[string, DiskOptions, number, number]>([
  ['nothing said: ten topics share 4 GiB', {}, 10, 4096],
  ['topics', { topics }, 2, 4096],
  ['topics and partitions', { topics, partitions: 3, disk: Memory.gibibytes(6) }, 6, 6144],
  ['a small disk', { topics, disk: Memory.mebibytes(8) }, 2, 8],
  ['large messages', { topics, disk: Memory.gibibytes(1), maxMessageBytes: 100 * MIB }, 2, 1024],
])(
  '%s: all partitions with the segment that is written and the one that is deleted fit',
  (_, options, count, mebibytes) => {
    const { retentionBytes, segmentBytes } = partitionBounds('kafka', options);
    expect(count * (retentionBytes + 2 * segmentBytes)).toBeLessThanOrEqual(mebibytes * MIB);
    expect(retentionBytes).toBeGreaterThanOrEqual(segmentBytes);
    // Kafka refuses a smaller one, and a message must fit into one.
    expect(segmentBytes).toBeGreaterThanOrEqual(Math.max(MIB, options.maxMessageBytes ?? 0));
    expect(segmentBytes).toBeLessThanOrEqual(1024 * MIB);
  },
);

test('too small a disk is refused with the least that does', () => {
  expect(() => partitionBounds('kafka', { topics, partitions: 50, disk: Memory.mebibytes(64) })).toThrow(
    'kafka: a disk of 64 MiB is too small for 100 partitions\n  give at least Memory.mebibytes(400), or fewer partitions',
  );
});

test("the catalogue's own bound of a partition stays, with segments that suit; both bounds are one too many", () => {
  expect(partitionBounds('kafka', { retentionBytes: 600 * MIB })).toEqual({
    retentionBytes: 600 * MIB,
    segmentBytes: 100 * MIB,
  });
  expect(() => partitionBounds('kafka', { retentionBytes: MIB, disk: Memory.gibibytes(1) })).toThrow(
    /both bound the messages/,
  );
});

test('what ships has a bound and a controller that nobody else reaches', () => {
  const { json } = workplace.synth(platform);
  const configs = Object.entries<{ data: string }>(json.resource.docker_config);
  const [, { data }] = configs.find(([name]) => name.startsWith('kafka_properties'))!;
  expect(Buffer.from(data, 'base64').toString().split('\n')).toEqual(
    expect.arrayContaining([
      'listeners=PLAINTEXT://:9092,CONTROLLER://127.0.0.1:9093',
      'controller.quorum.voters=1@127.0.0.1:9093',
      `log.retention.bytes=${768 * MIB}`,
      `log.segment.bytes=${128 * MIB}`,
    ]),
  );
});
