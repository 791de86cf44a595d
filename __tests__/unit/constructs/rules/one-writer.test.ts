import { oneWriter } from '../../../../constructs/rules/one-writer';
import type { Mount } from '../../../../constructs/swarm';
import { contextOf, findings } from '../../../support/platform/rules';
import { newService } from '../../../support/platform/services';

const volume: Mount = { type: 'volume', name: 'data', target: '/data' };

test('accepts one task with a volume of its own', () => {
  expect(findings(oneWriter, { replicas: 1, mounts: [volume] })).toEqual([]);
});

test('accepts many tasks with a shared volume', () => {
  expect(findings(oneWriter, { replicas: 3, mounts: [{ ...volume, shared: true }] })).toEqual([]);
});

test('refuses many tasks with an exclusive volume', () => {
  expect(findings(oneWriter, { replicas: 2, mounts: [volume] })).toEqual([
    expect.stringMatching(/^web has 2 replicas that all write the exclusive volume data\nset replicas to 1/),
  ]);
});

test("refuses a service that mounts another's exclusive volume, even as shared", () => {
  const found = oneWriter.check(
    contextOf((stack) => [
      newService(stack, 'database', { replicas: 1, mounts: [volume] }),
      newService(stack, 'thief', { replicas: 2, mounts: [{ ...volume, shared: true }] }),
    ]),
  );
  expect(found.map(({ service, problem }) => `${service.node.id} ${problem}`)).toEqual([
    'thief writes the volume data, which database needs for itself',
  ]);
});

test('lets another service read it', () => {
  const context = contextOf((stack) => [
    newService(stack, 'database', { replicas: 1, mounts: [volume] }),
    newService(stack, 'backup', { replicas: 1, mounts: [{ ...volume, readOnly: true }] }),
  ]);
  expect(oneWriter.check(context)).toEqual([]);
});
