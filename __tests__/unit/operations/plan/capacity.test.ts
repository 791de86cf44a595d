import { capacityInWords, capacityOf } from '../../../../operations/plan/capacity';
import { declared } from '../deploy/stack';
import { plan, restarting, rolling } from './plans';

const node = { name: 'vm', cpus: 1e9, memory: 2 ** 30, others: { cpus: 0, memory: 0 }, takes: () => true };
const facts = { nodes: [node], others: { cpus: 1e8, memory: 0 } };
const web = declared('web', { nanoCpus: 3e8, memoryBytes: 2 ** 28, wave: 1 });
const mail = declared('mail', { nanoCpus: 1e8, memoryBytes: 0, replicas: 1, wave: 1 });
const late = declared('late', { nanoCpus: 1e8, memoryBytes: 0, replicas: 1, wave: 2 });

test('counts what rolls at the same time on top of all that is planned and of what others reserve', () => {
  const changes = plan({ services: [rolling('web'), rolling('mail'), rolling('late')] });
  const capacity = capacityOf(changes, [web, mail, late], facts);
  expect(capacity).toMatchObject({ rolling: ['web', 'mail'], fits: false });
  expect(capacityInWords(capacity)).toBe(
    'capacity while web, mail roll: 1.3 of 1 CPU and 0.75 of 1 GiB are reserved; DOES NOT FIT: tasks would stay Pending',
  );
});

test('what does not roll, or stops first, needs no room of its own', () => {
  const scaled = rolling('web', { restarts: false });
  expect(capacityOf(plan({ services: [scaled] }), [web], facts)).toMatchObject({ rolling: [], fits: true });
  const stopFirst = { ...web, startFirst: false };
  const capacity = capacityOf(plan({ services: [restarting('web')] }), [stopFirst], facts);
  expect(capacityInWords(capacity)).toBe(
    'capacity with all tasks: 0.7 of 1 CPU and 0.5 of 1 GiB are reserved',
  );
});

test('a wave that is worst for memory is not hidden by one that is worse for CPU', () => {
  const hungry = declared('hungry', { nanoCpus: 5e7, memoryBytes: 2 ** 29, replicas: 1, wave: 2 });
  const small = { ...web, nanoCpus: 1e8, memoryBytes: 0, replicas: 1 };
  const capacity = capacityOf(plan({ services: [rolling('web'), rolling('hungry')] }), [small, hungry], {
    nodes: [{ ...node, memory: 2 ** 30 - 1 }],
    others: { cpus: 0, memory: 0 },
  });
  expect(capacity).toMatchObject({ rolling: ['hungry'], fits: false });
});

test('the room of several nodes is not one room, and not all of it is for each task', () => {
  const manager = { ...node, takes: (words: readonly string[]) => words.join() !== 'node.role==worker' };
  const worker = {
    ...node,
    name: 'w',
    takes: (words: readonly string[]) => words.join() !== 'node.role==manager',
  };
  const two = { nodes: [manager, worker], others: { cpus: 0, memory: 0 } };
  const large = declared('large', { nanoCpus: 1.5e9, memoryBytes: 0, replicas: 1 });
  const capacity = capacityOf(plan({ services: [] }), [large], two);
  expect(capacity).toMatchObject({ fits: false, homeless: { id: 'large', tooLarge: true } });
  expect(capacityInWords(capacity)).toBe(
    'capacity with all tasks: 1.5 of 2 CPU and 0 of 2 GiB are reserved; DOES NOT FIT on any one node: a task of large, with 1.5 CPU and 0 MiB, would stay Pending',
  );
  const pinned = declared('pinned', {
    nanoCpus: 6e8,
    memoryBytes: 0,
    replicas: 2,
    constraints: ['node.role==manager'],
  });
  expect(capacityOf(plan({ services: [] }), [pinned], two)).toMatchObject({
    fits: false,
    homeless: { id: 'pinned', tooLarge: false },
  });
  // The one that may be anywhere leaves the room that the other needs.
  const anywhere = declared('anywhere', { nanoCpus: 9e8, memoryBytes: 0, replicas: 1 });
  const one = { ...pinned, replicas: 1 };
  expect(capacityOf(plan({ services: [] }), [anywhere, one], two)).toMatchObject({ fits: true });
});
