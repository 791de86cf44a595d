import { Fault } from '../../../../../add-ons/github/runner/fault';
import { describeFindings } from '../../../../../add-ons/github/steps/findings';
import type { Status } from '../../../../../operations/status/model';

const well = {
  services: [{ name: 'userservice', ok: true, running: 2, desired: 2, health: 'healthy', problem: null }],
  nodes: [{ name: 'vps', state: 'ready', availability: 'active' }],
  certificate: { daysLeft: 60, problem: null, selfSigned: false },
} as unknown as Status;
const nothing = { code: 0, markdown: 'nothing to do', renewal: false };
const seen = (more: object) => ({ ...well, ...more }) as Status;

test('nothing to tell is nothing to open', () => {
  expect(describeFindings(nothing, well, 0)).toEqual({
    open: false,
    title: 'The platform is as the catalogue says',
    markdown: '',
  });
});

test.each<[string, object, string]>([
  [
    'a service',
    { services: [{ ...well.services[0], ok: false, running: 1, health: 'degraded' }] },
    '- service `userservice` is degraded, 1 of 2 run',
  ],
  [
    'a service that somebody removed',
    { missing: [{ name: 'edge', problem: 'is in the catalogue and not on the server' }] },
    '- service `edge` is in the catalogue and not on the server',
  ],
  [
    'a node that is gone',
    { nodes: [{ name: 'vps', state: 'down', availability: 'active' }] },
    '- node `vps` is down, active',
  ],
  [
    'a drained node',
    { nodes: [{ name: 'vps', state: 'ready', availability: 'drain' }] },
    '- node `vps` is ready, drain',
  ],
  [
    'backups that are not well',
    { backup: { problems: ['there is no backup yet: ./proctor backup now'] } },
    '- backups: `there is no backup yet: ./proctor backup now`',
  ],
  [
    'a certificate that ends',
    { certificate: { daysLeft: 14, problem: null, selfSigned: true } },
    '- the certificate expires in 14 days',
  ],
  [
    'one that has ended',
    { certificate: { daysLeft: -2, problem: 'CERT_HAS_EXPIRED', selfSigned: true } },
    '- the certificate expired 2 days ago',
  ],
  [
    'one for another name',
    { certificate: { daysLeft: 60, problem: 'ERR_TLS_CERT_ALTNAME_INVALID', selfSigned: false } },
    '- the certificate: `ERR_TLS_CERT_ALTNAME_INVALID`',
  ],
  [
    'the fallback in place of one of an ACME server',
    { certificate: { daysLeft: 89, problem: 'SELF_SIGNED', selfSigned: true, doubt: 'fallback' } },
    '- the certificate is the fallback, there is none from the ACME server',
  ],
])('%s is one thing', (_, more, line) => {
  expect(describeFindings(nothing, seen(more), 1)).toEqual({
    open: true,
    title: 'The platform is not well: 1 thing',
    markdown: line,
  });
});

test.each([
  ['15 days', { daysLeft: 15, problem: null, selfSigned: false }],
  [
    'a self-signed one that nobody trusts',
    { daysLeft: 60, problem: 'DEPTH_ZERO_SELF_SIGNED_CERT', selfSigned: true },
  ],
  ['no certificate to see', { daysLeft: null, problem: null, selfSigned: null }],
])('no alarm for %s', (_, certificate) => {
  expect(describeFindings(nothing, seen({ certificate }), 0).open).toBe(false);
});

test('a plan with changes is drift, and shown', () => {
  const { open, title, markdown } = describeFindings(
    { code: 2, markdown: '## Plan\n', renewal: false },
    well,
    0,
  );
  expect([open, title]).toEqual([true, 'The platform has drifted']);
  expect(markdown).toBe(
    'The next deploy would do this, unless services.config.ts says it first:\n\n## Plan\n',
  );
});

test('a self-signed certificate that the next deploy renews is no drift', () => {
  expect(describeFindings({ code: 2, markdown: '## Plan\n', renewal: true }, well, 0).open).toBe(false);
});

test('no answer is told, not passed over', () => {
  expect(describeFindings(new Fault('there is no plan (exit code 1)', 'x'), undefined, 6)).toEqual({
    open: true,
    title: 'The platform is not well: 1 thing',
    markdown: '- the server cannot be asked\n\nThere is no plan: there is no plan (exit code 1).',
  });
  expect(describeFindings(nothing, undefined, 70).markdown).toBe('- `./proctor status` failed');
});

test('what was changed by hand, and no deploy would undo, is drift', () => {
  const byHand = ['edge has ContainerSpec.Ulimits by hand'];
  expect(describeFindings({ ...nothing, byHand }, well, 0)).toEqual({
    open: true,
    title: 'The platform has drifted',
    markdown: 'Changed by hand, and no deploy sees it:\n\n- `edge has ContainerSpec.Ulimits by hand`',
  });
  // A plan tells it itself.
  expect(describeFindings({ ...nothing, code: 2, markdown: 'the plan', byHand }, well, 0).markdown).toMatch(
    /the plan$/,
  );
});
