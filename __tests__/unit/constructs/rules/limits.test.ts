import { limits } from '../../../../constructs/rules/limits';
import type { Resources } from '../../../../constructs/swarm';
import { contextOf, findings } from '../../../support/platform/rules';
import { newService, resources } from '../../../support/platform/services';

const check = (limit: Resources, reservation: Resources) =>
  findings(limits, { limits: limit, reservations: reservation });

test.each([
  ['below', resources(0.5, 512), resources(0.25, 256)],
  ['at', resources(0.5, 512), resources(0.5, 512)],
])('accepts a reservation %s its limit', (_, limit, reservation) => {
  expect(check(limit, reservation)).toEqual([]);
});

test('refuses more memory than the limit', () => {
  expect(check(resources(0.5, 512), resources(0.5, 513))).toEqual([
    'web reserves 513 MiB of memory, more than its limit of 512 MiB\nlower the reservation to 512 MiB or less, or raise the limit',
  ]);
});

test('refuses more CPU than the limit', () => {
  expect(check(resources(0.5, 512), resources(0.6, 512))).toEqual([
    'web reserves 0.6 CPU, more than its limit of 0.5 CPU\nlower the reservation to 0.5 CPU or less, or raise the limit',
  ]);
});

test('says both at once', () => expect(check(resources(0.5, 512), resources(1, 1024))).toHaveLength(2));

// Types ask for limits; what JavaScript or a cast passes by is refused all the same.
test('refuses a service without limits', () => {
  const bare = (stack: Parameters<typeof newService>[0]) => {
    const service = newService(stack, 'web');
    return [
      { node: service.node, props: { ...service.props, limits: undefined } } as unknown as typeof service,
    ];
  };
  expect(limits.check(contextOf(bare))).toMatchObject([
    { problem: 'has no limits', fix: 'set limits: { cpus, memory }' },
  ]);
});
