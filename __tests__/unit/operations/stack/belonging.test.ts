import { judgePlatform, judgeServer } from '../../../../operations/stack/belonging';
import type { KnownObject } from '../../../../operations/terraform/state-contents';
import { declared } from '../deploy/stack';

const service = (id: string, name: string, namespace = 'shop'): KnownObject => ({
  address: `docker_service.${name}`,
  type: 'docker_service',
  id,
  name: `${namespace}_${name}`,
  namespace,
});
const runs = (id: string, name: string) => ({ id, name });
const stack = { services: [declared('web'), declared('api')] };

describe('the platform', () => {
  test('of an empty state, or of its own, is right', () => {
    expect(judgePlatform([], 'shop')).toEqual([]);
    // Configs and networks of the lab's images carry no label.
    expect(judgePlatform([service('s1', 'web'), service('c1', 'launcher', '')], 'shop')).toEqual([]);
  });

  test('of another one is refused, with its name and what it has', () => {
    const known = ['users', 'mail', 'nginx', 'edge'].map((name) => service(name, name, 'acme'));
    expect(judgePlatform(known, 'shop')).toEqual([
      expect.objectContaining({
        level: 'failure',
        text: 'it belongs to the platform "acme" (acme_users, acme_mail, acme_nginx, …), this is "shop"',
        fix: expect.stringContaining('prefix or schema'),
      }),
    ]);
  });

  test('whose name begins with the same letters is another one', () => {
    expect(judgePlatform([service('s1', 'web', 'shop-staging')], 'shop')).toHaveLength(1);
  });
});

describe('the server', () => {
  test('that runs what the state knows, or nothing, is right', () => {
    expect(judgeServer([service('s1', 'web')], stack, [runs('s1', 'shop_web')])).toEqual([]);
    expect(judgeServer([service('s1', 'web')], stack, [])).toEqual([]);
    expect(judgeServer([], stack, [])).toEqual([]);
  });

  test.each([
    ['one was made anew by hand', [runs('s1', 'shop_web'), runs('n2', 'shop_api')]],
    ['the only one was', [runs('n1', 'shop_web')]],
  ])('on which %s is right', (_, running) => {
    expect(judgeServer([service('s1', 'web'), service('s2', 'api')], stack, running)).toEqual([]);
  });

  test('whose services all have other ids is not the one of the state', () => {
    const known = [service('s1', 'web'), service('s2', 'api')];
    const running = [runs('n1', 'shop_web'), runs('n2', 'shop_api'), runs('s1', 'other_web')];
    expect(judgeServer(known, stack, running)).toEqual([
      expect.objectContaining({
        ...{ level: 'failure', text: expect.stringMatching(/^all 2 services .* it is another server's$/) },
        fix: expect.stringMatching(/VPS_HOST.*\.\/proctor state recover/),
      }),
    ]);
  });

  test('may run what is not ours', () => {
    expect(judgeServer([], stack, [runs('s1', 'shop_metrics'), runs('s2', 'other_web')])).toEqual([]);
  });

  test.each<[string, KnownObject[], string]>([
    ['none, as after a loss', [], '2 services that the state does not know: shop_web, shop_api'],
    [
      'only one, as after a deploy that was killed',
      [service('s1', 'web')],
      'a service that the state does not know: shop_api',
    ],
  ])('runs services of which the state knows %s: the way back is named', (_, known, words) => {
    expect(judgeServer(known, stack, [runs('s1', 'shop_web'), runs('s2', 'shop_api')])).toEqual([
      expect.objectContaining({
        level: 'failure',
        text: `the server runs ${words}`,
        fix: expect.stringContaining('./proctor state recover'),
      }),
    ]);
  });
});
