import { connectionsFit } from '../../../../constructs/rules/connections-fit';
import { Cpu, Memory } from '../../../../constructs/units';
import {
  CONNECTION_COSTS,
  connectionsOf,
  memoryFor,
  perAddressIn,
} from '../../../../constructs/units/connections';
import { findings } from '../../../support/platform/rules';

const web = (mebibytes: number, perAddress?: number) => ({
  limits: { cpus: Cpu.cores(0.5), memory: Memory.mebibytes(mebibytes) },
  connections: { held: connectionsOf(perAddress), cost: CONNECTION_COSTS.nginx },
});

test('accepts what its memory is enough for, busy as it may get', () => {
  expect(findings(connectionsFit, web(1580))).toEqual([]);
  expect(findings(connectionsFit, web(256, 500))).toEqual([]);
});

test('refuses a mebibyte less, with what is needed, and how many there is room for', () => {
  expect(findings(connectionsFit, web(1579))).toEqual([
    'web accepts 8000 connections, which need 345 MiB idle and 1580 MiB busy: its limit is 1579 MiB\n' +
      'raise limits.memory to 1580 MiB, or lower nginx.connectionsPerAddress to 3999',
  ]);
  expect(findings(connectionsFit, web(1579, 3999))).toEqual([]);
});

test('names no number where there is room for none', () => {
  expect(findings(connectionsFit, web(32))).toEqual([
    expect.stringMatching(/raise limits.memory to 1580 MiB$/),
  ]);
});

test('a service that counts no connections is none of its business', () => {
  expect(findings(connectionsFit, { limits: web(6).limits })).toEqual([]);
});

test('600 browsers with six connections each may come from one address, and as many from others', () => {
  const { perAddress, total } = connectionsOf();
  expect(perAddress).toBeGreaterThanOrEqual(3600);
  expect(total - perAddress).toBeGreaterThanOrEqual(3600);
});

test.each([9, 12_001, 1.5, Number.NaN])('%s is no number of connections', (count) => {
  expect(() => connectionsOf(count)).toThrow('write a whole number from 10 to 12000');
});

test('what is told to be enough is enough', () => {
  for (const cost of Object.values(CONNECTION_COSTS)) {
    for (const mebibytes of [64, 100, 256, 1000]) {
      const memory = Memory.mebibytes(mebibytes);
      const count = perAddressIn(cost, memory);
      if (count < 10 || count > 12_000) continue;
      expect(memoryFor(cost, connectionsOf(count), 'busy').toBytes()).toBeLessThanOrEqual(memory.toBytes());
    }
  }
});
