import type { KeptReport } from '../../../../contract/gate-report';
import { faults } from '../../../../operations/deploy/faults';
import { nextStep } from '../../../../operations/deploy/text';
import { encodeLines } from '../../../../operations/rollout/record';
import type { Diagnostic } from '../../../../operations/terraform/message';

const result = (...diagnostics: Diagnostic[]) => ({
  code: 1,
  diagnostics,
  output: '',
  stderr: 'the last words',
});
const error = (summary: string, address?: string): Diagnostic => ({
  severity: 'error',
  summary,
  ...(address ? { address } : {}),
});
const gate = error('local-exec provisioner error', 'null_resource.web_rollout');
const failed = { service: 'shop_web', outcome: 'timedOut' } as KeptReport;

test('what a gate has told is not told again, everything else is', () => {
  expect(faults(result(gate, error('Error creating network')), [failed], false)).toEqual([
    'Error creating network',
  ]);
  expect(faults(result(gate), [failed], false)).toEqual([]);
});

test('a gate that left no report is told by Terraform', () => {
  expect(faults(result(gate), [], false)).toEqual([
    expect.stringMatching(/web_rollout: local-exec provisioner error/),
  ]);
});

test('what a gate printed for the front door is told in plain words', () => {
  const printed = encodeLines('report', 'web FAILED after 9 s\n  next: look').trimEnd();
  const detail = `exit status 3. Output: ${printed}`;
  expect(faults(result({ ...gate, detail }), [], false)).toEqual([
    expect.stringMatching(/Output: web FAILED after 9 s\n {4}next: look$/),
  ]);
});

test('an interrupt is one fault, not one for each step that it ended', () => {
  const halted = error('execution halted');
  const killed = { ...gate, detail: 'signal: killed' };
  expect(faults(result(killed, halted, halted), [], true)).toEqual([expect.stringMatching(/^interrupted/)]);
});

test('an apply that fails without a message shows its last words', () => {
  expect(faults(result(), [], false)).toEqual([expect.stringMatching(/ended with 1\n {2}the last words/)]);
  expect(faults({ ...result(), code: 0 }, [], false)).toEqual([]);
});

const facts = { exitCode: 2, reachable: true, putBack: false, interrupted: false, changed: true };
const stack = (id: string) => ({ id, host: 'ssh://a@b:22', namespace: 'shop' });

test('the next command is one that can be typed', () => {
  expect(nextStep({ ...facts, stack: stack('swarm') })).toMatch(/\.\/proctor deploy;/);
  expect(nextStep({ ...facts, stack: stack('swarm-staging') })).toMatch(
    /\.\/proctor deploy --environment staging;/,
  );
  expect(nextStep({ ...facts, stack: stack('swarm') })).toMatch(
    / go back instead: \.\/proctor rollback --to previous$/,
  );
  expect(nextStep({ ...facts, stack: stack('swarm-staging') })).toMatch(
    /: \.\/proctor rollback --to previous --environment staging$/,
  );
  expect(nextStep({ ...facts, exitCode: 0, stack: stack('swarm') })).toBe(
    'docker -H ssh://a@b:22 stack services shop',
  );
});

test.each([
  { exitCode: 2 },
  { exitCode: 6, reachable: false },
  { exitCode: 1, interrupted: true },
  { exitCode: 2, putBack: true },
])('a way back that fails with %o is gone again, and never leads to what it was to get away from', (one) => {
  const next = nextStep({ ...facts, ...one, backTo: 40, stack: stack('swarm-staging') });
  expect(next).toContain('./proctor rollback --to 40 --environment staging');
  expect(next).not.toMatch(/deploy|previous/);
});

test('where nothing was changed nobody is led to the release before what runs', () => {
  expect(nextStep({ ...facts, changed: false, stack: stack('swarm') })).toBe(
    'correct what failed, then ./proctor deploy',
  );
});
