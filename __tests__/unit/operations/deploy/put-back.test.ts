import type { KeptReport } from '../../../../contract/gate-report';
import type { Outcome } from '../../../../contract/outcome';
import { planPutBack } from '../../../../operations/deploy/put-back';
import { hashOf, type Standing, sameSpec } from '../../../../operations/docker/standing';
import { spec } from '../rollout/swarm-says';
import { declared } from './stack';

const standing = (id: string, image: string, more: Partial<Standing> = {}): [string, Standing] => [
  `shop_${id}`,
  { id: `id-${id}`, name: `shop_${id}`, version: 1, spec: spec(image), running: new Map(), ...more },
];
const services = [
  declared('db'),
  declared('api', { wave: 1 }),
  declared('web', { wave: 1 }),
  declared('door', { wave: 2 }),
];
const stack = { services, settings: { stateful: ['db'] } };
const before = new Map(['db', 'api', 'web', 'door'].map((id) => standing(id, 'v1')));
const all = new Set(services.map(({ id }) => id));
const names = (plan: ReturnType<typeof planPutBack>) =>
  plan.waves.map((wave) => wave.map(({ name }) => name));

test('puts back what this deploy changed, the last deployed first, as it was before', () => {
  const now = new Map(['db', 'api', 'web', 'door'].map((id) => standing(id, 'v2')));
  const plan = planPutBack(stack, before, now, all);
  expect(names(plan)).toEqual([['shop_door'], ['shop_api', 'shop_web']]);
  expect(plan.waves[0]?.[0]?.spec).toEqual(spec('v1'));
  expect(plan.left).toEqual([{ service: 'db', why: expect.stringMatching(/data/) }]);
});

test('leaves alone what Swarm put back already, and what was never reached', () => {
  const now = new Map([...before, standing('api', 'v2')]);
  expect(names(planPutBack(stack, before, now, all))).toEqual([['shop_api']]);
  expect(planPutBack(stack, before, before, all)).toEqual({ waves: [], left: [] });
});

test('what somebody else changed meanwhile stays', () => {
  const now = new Map([...before, standing('api', 'v2'), standing('door', 'v3')]);
  expect(names(planPutBack(stack, before, now, new Set(['api'])))).toEqual([['shop_api']]);
});

test.each([
  ['after its gate had passed', 'converged'],
  ['so that its gate gave up', 'superseded'],
] as const)('what somebody else made of a service of this deploy %s stays', (_, outcome) => {
  const now = new Map([...before, standing('api', 'hotfix'), standing('door', 'v2')]);
  const seen = (service: string, image: string, ended: Outcome): KeptReport => ({
    ...{
      service,
      exitCode: 0,
      reason: '',
      seconds: 1,
      running: 1,
      wanted: 1,
      replaced: 1,
      tasks: [],
      report: '',
    },
    outcome: ended,
    specification: hashOf(spec(image)),
  });
  const reports = [
    seen('shop_api', outcome === 'superseded' ? 'hotfix' : 'v2', outcome),
    seen('shop_door', 'v2', 'converged'),
  ];
  const plan = planPutBack(stack, before, now, all, reports);
  expect(names(plan)).toEqual([['shop_door']]);
  expect(plan.left).toEqual([{ service: 'api', why: 'somebody else has changed it meanwhile' }]);
});

test('says of a new and of a replaced service why it stays', () => {
  const known = new Map([...before].filter(([name]) => name !== 'shop_web'));
  const now = new Map([...before, standing('api', 'v2', { id: 'another' }), standing('web', 'v2')]);
  expect(planPutBack(stack, known, now, all)).toEqual({
    waves: [],
    left: [
      { service: 'api', why: expect.stringMatching(/replaced/) },
      { service: 'web', why: expect.stringMatching(/new/) },
    ],
  });
});

describe('ports that moved', () => {
  const publishing = (id: string, image: string, ...ports: number[]) => {
    const EndpointSpec = { Ports: ports.map((PublishedPort) => ({ PublishedPort })) };
    return standing(id, image, { spec: { ...spec(image), EndpointSpec } });
  };
  const moved = [{ service: 'web', why: expect.stringMatching(/ports have moved/) }];

  test('to a new service: put back, the one that gave them up would wait for them forever', () => {
    const was = new Map([publishing('web', 'v1', 443)]);
    const now = new Map([publishing('web', 'v2'), publishing('door', 'v1', 443)]);
    expect(planPutBack(stack, was, now, all)).toEqual({
      waves: [],
      left: [{ service: 'door', why: expect.stringMatching(/new/) }, ...moved],
    });
  });

  test('from a service that is gone: put back, the one that took them would leave nobody', () => {
    const was = new Map([publishing('web', 'v1'), publishing('edge', 'v1', 443)]);
    expect(planPutBack(stack, was, new Map([publishing('web', 'v2', 443)]), all)).toEqual({
      waves: [],
      left: moved,
    });
  });

  test('that nobody has taken yet come back', () => {
    const was = new Map([publishing('web', 'v1', 443)]);
    expect(names(planPutBack(stack, was, new Map([publishing('web', 'v2')]), all))).toEqual([['shop_web']]);
    const other = new Map([publishing('web', 'v2', 444)]);
    expect(names(planPutBack(stack, was, other, all))).toEqual([['shop_web']]);
  });
});

test('a scale alone is a change, the order of keys is none', () => {
  expect(sameSpec(spec('v1', 2), spec('v1', 3))).toBe(false);
  expect(sameSpec({ a: [1, { b: 1, c: 2 }], d: 1 }, { d: 1, a: [1, { c: 2, b: 1 }] })).toBe(true);
  expect(sameSpec({ a: [1, 2] }, { a: [2, 1] })).toBe(false);
});
