import { markerName } from '../../../../operations/place/marker';

test('a marker is called as its service, with which it is found by hand', () => {
  expect(markerName('shop_mariadb')).toBe('data.shop_mariadb');
  expect(markerName(`shop_${'x'.repeat(54)}`)).toBe(`data.shop_${'x'.repeat(54)}`);
});

test('the longest name of a service that Swarm takes has a marker that it takes, too, and one of its own', () => {
  const [one, other] = ['a', 'b'].map((end) => markerName(`shop_${'x'.repeat(57)}${end}`));
  expect(one).toHaveLength(64);
  expect(one).toMatch(/^data\.shop_x+\.[0-9a-f]{10}$/);
  expect(one).not.toBe(other);
});
