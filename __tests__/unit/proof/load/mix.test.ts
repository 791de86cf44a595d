import { CLIENT_ADDRESSES, loadPlan, mix } from '../../../../proof/load/mix';
import { checkPlan, MOST_PER_ADDRESS, ratesPerAddress } from '../../../../proof/load/plan';
import { platform } from '../../../../services.config';

const addresses = Array.from({ length: CLIENT_ADDRESSES }, (_, index) => `10.213.0.${100 + index}`);

test('the mix stays below the limit per client, at twice the rate, too', () => {
  const streams = mix(addresses, 2);
  expect(() => checkPlan(loadPlan({ address: '10.213.0.2', port: 8443 }, streams))).not.toThrow();
  expect(Math.max(...ratesPerAddress(streams).values())).toBeLessThanOrEqual(MOST_PER_ADDRESS);
});

test('the mix asks every service with GET, over kept and new connections, on routes of the catalogue', () => {
  const streams = mix(addresses, 1);
  for (const service of Object.keys(platform.services)) {
    const of = streams.filter((stream) => stream.service === service && stream.method === 'GET');
    expect(new Set(of.map(({ keepAlive }) => keepAlive))).toEqual(new Set([true, false]));
  }
  for (const { path, service } of streams) {
    expect(platform.nginx.routes).toContainEqual(expect.objectContaining({ path, service }));
  }
});
