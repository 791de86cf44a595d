const { default: Sequencer } = require('@jest/test-sequencer');

/** Files that share a lab run in the order of their names: each leaves it as the next expects it. */
const SHARES_A_LAB = /\.(e2e|faults)\.ts$/;

/** They take longest: begun last, each would run alone at the end. Where jest has run before, it knows more of them. */
const LONG = [
  'acme-volume',
  'acme',
  'rollback',
  'renewals',
  'interrupted',
  'tls-watch',
  'terraform',
  'prepared',
];

module.exports = class InOrder extends Sequencer {
  sort(tests) {
    if (tests.every(({ path }) => SHARES_A_LAB.test(path))) {
      return [...tests].sort((a, b) => a.path.localeCompare(b.path));
    }
    const rank = ({ path }) => {
      const place = LONG.findIndex((name) => path.endsWith(`/${name}.test.ts`));
      return place === -1 ? LONG.length : place;
    };
    return [...super.sort(tests)].sort((a, b) => rank(a) - rank(b));
  }
};
