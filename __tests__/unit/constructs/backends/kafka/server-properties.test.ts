import { kafkaProperties } from '../../../../../constructs/backends/kafka/server-properties';

const parse = (text: string) =>
  Object.fromEntries(
    text
      .trimEnd()
      .split('\n')
      .map((line) => line.split(/=(.*)/s, 2)),
  );

describe('kafkaProperties', () => {
  test('is a broker and controller of its own, which clients reach as kafka:9092', () => {
    expect(parse(kafkaProperties())).toMatchObject({
      'process.roles': 'broker,controller',
      'node.id': '1',
      'controller.quorum.voters': '1@127.0.0.1:9093',
      listeners: 'PLAINTEXT://:9092,CONTROLLER://127.0.0.1:9093',
      'advertised.listeners': 'PLAINTEXT://kafka:9092',
      'log.dirs': '/var/lib/kafka/data',
    });
  });

  test('asks for no more replicas of anything than one broker has', () => {
    const replication = Object.entries(parse(kafkaProperties())).filter(([name]) =>
      /replica|\.isr$/.test(name),
    );
    expect(replication.map(([name]) => name)).toEqual(
      expect.arrayContaining([
        'offsets.topic.replication.factor',
        'transaction.state.log.min.isr',
        'min.insync.replicas',
      ]),
    );
    for (const [, value] of replication) expect(value).toBe('1');
  });

  test('takes every option', () => {
    const text = kafkaProperties({
      host: 'broker',
      port: 9192,
      logDirs: '/data',
      partitions: 3,
      retentionHours: 24,
    });
    expect(parse(text)).toMatchObject({
      listeners: 'PLAINTEXT://:9192,CONTROLLER://127.0.0.1:9093',
      'advertised.listeners': 'PLAINTEXT://broker:9192',
      'log.dirs': '/data',
      'num.partitions': '3',
      'log.retention.hours': '24',
    });
  });

  test.each([
    [{ host: 'a\nb' }],
    [{ logDirs: 'data' }],
    [{ partitions: 0 }],
    [{ port: 9093 }],
    [{ retentionHours: 1.5 }],
  ])('refuses %j', (options) => expect(() => kafkaProperties(options)).toThrow(/Use/));
});
