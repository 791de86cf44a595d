const { default: Sequencer } = require('@jest/test-sequencer');

/** Files that share a lab run in the order of their names: each leaves it as the next expects it. */
const SHARES_A_LAB = /\.(e2e|faults)\.ts$/;

module.exports = class InOrder extends Sequencer {
  sort(tests) {
    if (!tests.every(({ path }) => SHARES_A_LAB.test(path))) return super.sort(tests);
    return [...tests].sort((a, b) => a.path.localeCompare(b.path));
  }
};
