import { leastPrivilege } from '../../../../constructs/rules/least-privilege';
import { findings } from '../../../support/platform/rules';

test('accepts a service that gives up all capabilities, also one that keeps a few', () => {
  expect(findings(leastPrivilege, { capDrop: ['ALL'] })).toEqual([]);
  expect(findings(leastPrivilege, { capDrop: ['ALL'], capAdd: ['NET_BIND_SERVICE'] })).toEqual([]);
});

test('cannot be tried where two would write the same data', () => {
  expect(findings(leastPrivilege, { capDrop: [], stateful: true })).toEqual([
    expect.stringMatching(
      /\nset capDrop: \['ALL'\] where the service is declared, with capAdd for its entrypoint/,
    ),
  ]);
});

test.each([[undefined], [[]], [['CHOWN', 'NET_RAW'] as const]])(
  'asks for it where %j are given up',
  (capDrop) => {
    expect(findings(leastPrivilege, { capDrop: capDrop ?? [] })).toEqual([
      expect.stringMatching(
        /^web runs with Docker's default capabilities: .*\ntry it: \.\/proctor doctor hardening web; then set capDrop: \['ALL'\]/,
      ),
    ]);
  },
);
