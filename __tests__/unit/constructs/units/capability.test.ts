import { type Capability, capabilityNames } from '../../../../constructs/units';

test('names are in one order, each once', () => {
  expect(capabilityNames(['SETUID', 'CHOWN', 'SETUID'])).toEqual(['CHOWN', 'SETUID']);
});

test.each([
  ['CAP_CHOWN', 'CHOWN'],
  ['net_raw', 'NET_RAW'],
  ['EVERYTHING', 'ALL for every one'],
])('%s is refused, with how to write it', (name, hint) => {
  expect(() => capabilityNames([name as Capability])).toThrow(
    new RegExp(`"${name}" is no Linux capability\\n {2}write it without CAP_, in capitals: .*${hint}`),
  );
});
