import { readPlanFacts } from '../../../../../add-ons/github/text/plan-json';

const facts = (document: object) => readPlanFacts(JSON.stringify(document));

test('what the policy wants is named once', () => {
  const missing = [{ name: 'mariadb' }, { name: 'kafka' }, { name: 'mariadb' }];
  expect(facts({ policy: { passes: false, missing } }).stoppedBy).toEqual(['mariadb', 'kafka']);
  expect(facts({ policy: { passes: false } }).stoppedBy).toEqual([]);
});

test.each([[{ policy: { passes: true, missing: [] } }], [{ policy: null, plan: null }], [{}]])(
  'a plan that passes is stopped by nothing: %j',
  (document) => expect(facts(document)).toEqual({ renewal: false }),
);

test('what is no JSON says nothing', () =>
  expect(readPlanFacts('error: no state')).toEqual({ renewal: false }));

describe('the renewal of a self-signed certificate', () => {
  const pair = [{ kind: 'certificate' }, { kind: 'secret' }];
  const nginx = { service: 'nginx', drift: [] };

  test('is one with the ingress that rolls for it', () => {
    expect(facts({ plan: { services: [nginx], objects: pair } }).renewal).toBe(true);
  });

  test.each<[string, object]>([
    ['without a certificate', { services: [nginx], objects: [{ kind: 'secret' }] }],
    ['beside another change', { services: [nginx], objects: [...pair, { kind: 'network' }] }],
    ['beside another service', { services: [nginx, { service: 'userservice' }], objects: pair }],
    [
      'beside what somebody did by hand',
      { services: [{ ...nginx, drift: ['scaled by hand to 2'] }], objects: pair },
    ],
    ['beside a new nginx', { services: [{ ...nginx, image: { from: 'a', to: 'b' } }], objects: pair }],
  ])('is more than that %s', (_, plan) => expect(facts({ plan }).renewal).toBe(false));
});
