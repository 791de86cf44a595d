import { Cpu, Memory } from '../../../../constructs/units';

const MIB = 1024 ** 2;

describe('Memory', () => {
  test('counts in binary units', () => {
    expect(Memory.mebibytes(512).toBytes()).toBe(512 * MIB);
    expect(Memory.gibibytes(1.5).toBytes()).toBe(1536 * MIB);
    expect(`${Memory.gibibytes(8)}`).toBe('8192 MiB');
  });

  test('halves', () => expect(Memory.mebibytes(25).half().toBytes()).toBe(12.5 * MIB));

  test('halves an odd number of bytes to a whole number of them', () => {
    expect(
      Memory.mebibytes(16 + 1 / MIB)
        .half()
        .toBytes(),
    ).toBe(8 * MIB);
  });

  test('takes the least that the engine allows, 6 MiB, and nothing below', () => {
    expect(Memory.mebibytes(6).toBytes()).toBe(6 * MIB);
    expect(() => Memory.mebibytes(5.5)).toThrow(
      'Memory.mebibytes(5.5): expected a whole number of bytes, at least 6 MiB',
    );
  });

  test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY, 100.3])('refuses %s mebibytes', (amount) => {
    expect(() => Memory.mebibytes(amount)).toThrow(`Memory.mebibytes(${amount})`);
    expect(() => Memory.mebibytes(amount)).toThrow('write for example Memory.mebibytes(512)');
  });

  test('says what was halved when the half is too small, not a number that nobody wrote', () => {
    expect(() => Memory.mebibytes(8).half()).toThrow('half of 8 MiB');
  });
});

describe('Cpu', () => {
  test('counts in nano-cores, exactly', () => {
    expect(Cpu.cores(0.5).toNanoCpus()).toBe(500_000_000);
    expect(Cpu.millis(250).toNanoCpus()).toBe(250_000_000);
    // 0.29 * 1e9 is 290000000.00000006 in floating point: the plan would show a difference forever.
    expect(Cpu.cores(0.29).toNanoCpus()).toBe(290_000_000);
    expect(Cpu.cores(1.5).toCores()).toBe(1.5);
    expect(`${Cpu.cores(0.25)}`).toBe('0.25 CPU');
  });

  test('halves', () => expect(Cpu.cores(0.5).half().toNanoCpus()).toBe(250_000_000));

  test.each([0, -1, 0.009, Number.NaN, Number.POSITIVE_INFINITY])('refuses %s cores', (amount) => {
    expect(() => Cpu.cores(amount)).toThrow(`Cpu.cores(${amount}): expected at least 0.01 of a core`);
  });

  test('says what was halved when the half is too small', () => {
    expect(() => Cpu.millis(10).half()).toThrow('half of 0.01 CPU');
  });
});
