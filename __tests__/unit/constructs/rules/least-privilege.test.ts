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

test('refuses ALL in capAdd, which gives back whatever capDrop takes away', () => {
  expect(findings(leastPrivilege, { capDrop: ['ALL'], capAdd: ['ALL', 'CHOWN'] })).toEqual([
    expect.stringMatching(/^web adds ALL capabilities, .*\nname in capAdd the few that it needs$/),
  ]);
});

test('refuses what Docker gives nobody by itself, by its name', () => {
  const capAdd = ['CHOWN', 'SYS_ADMIN', 'NET_ADMIN'] as const;
  expect(findings(leastPrivilege, { capDrop: ['ALL'], capAdd })).toEqual([
    expect.stringMatching(
      /^web adds NET_ADMIN, SYS_ADMIN, which Docker gives nobody .*\nleave it out of capAdd, or /,
    ),
  ]);
  expect(findings(leastPrivilege, { capDrop: [], capAdd: ['SYS_PTRACE'] })).toHaveLength(2);
});

test('accepts whatever Docker gives by itself', () => {
  const capAdd = [
    ...(['AUDIT_WRITE', 'CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'FSETID', 'KILL', 'MKNOD'] as const),
    ...(['NET_BIND_SERVICE', 'NET_RAW', 'SETFCAP', 'SETGID', 'SETPCAP', 'SETUID', 'SYS_CHROOT'] as const),
  ];
  expect(findings(leastPrivilege, { capDrop: ['ALL'], capAdd })).toEqual([]);
});
