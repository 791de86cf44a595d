import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { acknowledgements, checkRules, RULES } from '../../../../constructs/rules';
import type { SwarmServiceProps } from '../../../../constructs/swarm';
import { ImageRef } from '../../../../constructs/units';
import { contextOf } from '../../../support/platform/rules';
import { newService } from '../../../support/platform/services';
import { newStack, synthApp } from '../../../support/platform/template';

const unpinned = ImageRef.of('api:1.8.2');
const environment = { A: '1', B: '2' };
const check = (props: Partial<SwarmServiceProps>) =>
  checkRules(contextOf((stack) => [newService(stack, 'web', props), newService(stack, 'other')]));

test('accepts a platform that keeps to the rules', () => expect(check({})).toEqual([]));

test('lists every violation of every service at once, with path, rule, problem and fix', () => {
  const errors = checkRules(
    contextOf((stack) => [
      newService(stack, 'web', { image: unpinned, environment }),
      newService(stack, 'api', { publishedPorts: [{ published: 80, target: 80, mode: 'ingress' }] }),
    ]),
  );
  expect(errors).toEqual([
    'swarm/web (image-pinned): image api:1.8.2 has no digest in images.lock.json\n  run: ./proctor images lock',
    expect.stringMatching(
      /^swarm\/api \(only-ingress-publishes\): publishes port 80 of the node\n {2}remove the port/,
    ),
    expect.stringMatching(
      /^swarm\/web \(one-env-entry\): has 2 environment entries \(A, B\)\n {2}write settings/,
    ),
  ]);
});

test('a rule that is acknowledged with a reason is not listed; all others are', () => {
  const acknowledge = { 'image-pinned': 'built on this machine' };
  expect(check({ image: unpinned, environment, acknowledge })).toEqual([
    expect.stringContaining('(one-env-entry)'),
  ]);
});

test('acknowledging holds for one service alone', () => {
  const errors = checkRules(
    contextOf((stack) => [
      newService(stack, 'web', { image: unpinned, acknowledge: { 'image-pinned': 'built here' } }),
      newService(stack, 'other', { image: unpinned }),
    ]),
  );
  expect(errors).toEqual([expect.stringMatching(/^swarm\/other \(image-pinned\)/)]);
});

test.each(['', '  ', '\n'])('acknowledging without a reason (%j) does nothing', (reason) => {
  expect(check({ image: unpinned, acknowledge: { 'image-pinned': reason } })).toHaveLength(1);
});

test('the plan shows each acknowledgement that is in force, once, with its reason, and no other', () => {
  const acknowledge = {
    'only-ingress-publishes': 'an old client',
    'image-pinned': 'of no effect: it has a digest',
    'one-env-entry': ' ',
  };
  const publishedPorts = [80, 443].map((port) => ({
    published: port,
    target: port,
    mode: 'ingress' as const,
  }));
  const context = contextOf((stack) => [
    newService(stack, 'web', { acknowledge, publishedPorts, environment }),
    newService(stack, 'other', { publishedPorts }),
  ]);
  expect(acknowledgements(context)).toEqual(['web breaks only-ingress-publishes: an old client']);
});

test('as validations, violations end the synth, all in one error', () => {
  const build = () =>
    synthApp((app) => {
      const stack = newStack(app);
      const services = [newService(stack, 'web', { image: unpinned, environment })];
      stack.node.addValidation({ validate: () => checkRules(contextOf(() => services)) });
      return stack;
    });
  expect(build).toThrow(/image-pinned[\s\S]*one-env-entry/);
});

test('every rule is in the list, under the name of its file, and has a test of its own', () => {
  const files = readdirSync(join(__dirname, '../../../../constructs/rules')).map((file) =>
    file.replace(/\.ts$/, ''),
  );
  const rules = files.filter((file) => file !== 'index' && file !== 'rule').sort();
  expect(RULES.map(({ name }) => name as string).sort()).toEqual(rules);
  expect(readdirSync(__dirname)).toEqual(expect.arrayContaining(rules.map((rule) => `${rule}.test.ts`)));
});
