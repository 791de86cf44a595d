import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ServiceSpec } from '../../../operations/docker/answers';
import { judgeVolumes } from '../../../operations/preflight/volumes/volumes';
import { foreignData } from '../../../operations/rollout/causes/foreign-data';
import { declared } from '../operations/deploy/stack';

const PAGE = readFileSync(join(__dirname, '../../../docs/adopt.md'), 'utf8');
const under = (heading: string) => PAGE.split(`\n## ${heading}\n`)[1]!.split('\n## ')[0]!;

const IMAGE = 'apache/kafka:4.1.1@sha256:aa';
const volume = 'proctorwise_kafka_data';
const files = new Map([['meta.properties', 'version=0\ncluster.id=abc\nbroker.id=1\n']]);
const ofPreflight = (inUse: boolean) => {
  const service = declared('kafka', { name: 'proctorwise_kafka', image: IMAGE, volumes: [volume] });
  return judgeVolumes([{ service, volume, files, inUse }])[0]!.commands!.join('\n');
};

test('the broker of old goes by the commands that the preflight prints, while it runs and after the stack is gone', () => {
  expect(under('The long way')).toContain(`\`\`\`sh\n${ofPreflight(true)}\n`);
  expect(under('The short way')).toContain(`done\n${ofPreflight(false)} &&\n  ./proctor deploy\n`);
});

test('a broker that did not start on its data ends with the same commands', () => {
  const spec: ServiceSpec = {
    Name: 'proctorwise_kafka',
    Labels: { 'com.docker.stack.namespace': 'proctorwise' },
    TaskTemplate: {
      ContainerSpec: {
        Image: IMAGE,
        Mounts: [{ Type: 'volume', Source: volume, Target: '/var/lib/kafka/data' }],
      },
    },
  };
  expect(foreignData(['Invalid cluster.id'], spec.TaskTemplate, spec)?.split('\n').slice(1).join('\n')).toBe(
    ofPreflight(true),
  );
});
