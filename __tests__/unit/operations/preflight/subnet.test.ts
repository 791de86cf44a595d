import {
  firstFree,
  holds,
  inWords,
  overlap,
  parseAddress,
  parseSubnet,
} from '../../../../operations/preflight/subnet';

const at = (text: string) => parseSubnet(text)!;

test.each([
  ['10.0.1.7/24', '10.0.1.0/24'],
  ['192.168.255.255', '192.168.255.255/32'],
  ['0.0.0.0/0', '0.0.0.0/0'],
  ['255.0.0.0/8', '255.0.0.0/8'],
])('%s is %s', (text, words) => {
  expect(inWords(at(text))).toBe(words);
});

test.each(['', '10.0.0', '10.0.0.256/8', '10.0.0.0/33', '10.0.0.0/x', 'fd00::/8', '2001:db8::1'])(
  '%j is no range',
  (text) => {
    expect(parseSubnet(text)).toBeUndefined();
  },
);

test('ranges overlap where one holds the other, and only there', () => {
  expect(overlap(at('10.0.0.0/8'), at('10.0.1.0/24'))).toBe(true);
  expect(overlap(at('10.0.1.0/24'), at('10.0.0.0/8'))).toBe(true);
  expect(overlap(at('10.0.1.0/24'), at('10.0.2.0/24'))).toBe(false);
  expect(overlap(at('255.255.255.0/24'), at('255.255.255.255'))).toBe(true);
  expect(holds(at('10.0.1.0/24'), parseAddress('10.0.1.255')!)).toBe(true);
  expect(holds(at('10.0.1.0/24'), parseAddress('10.0.2.0')!)).toBe(false);
});

test('the next network is the first that nothing has', () => {
  const next = (taken: string[], ...pools: string[]) => {
    const found = firstFree(pools.map(at), 24, taken.map(at));
    return found && inWords(found);
  };
  expect(next(['10.0.0.0/24'], '10.0.0.0/8')).toBe('10.0.1.0/24');
  expect(next(['10.0.0.0/24', '10.0.2.0/24'], '10.0.0.0/8')).toBe('10.0.1.0/24');
  expect(next(['10.0.0.0/16'], '10.0.0.0/8')).toBe('10.1.0.0/24');
  expect(next(['10.0.0.0/23'], '10.0.0.0/23', '10.9.0.0/16')).toBe('10.9.0.0/24');
  expect(next(['10.0.0.0/16'], '10.0.0.0/16')).toBeUndefined();
});
