import { gatherPair, judgeCertificate } from '../../../../operations/preflight/certificate';
import { makePair } from '../../../support/programs/certificates';

const pair = { ...makePair({ names: 'DNS:exam.test' }), serverName: 'exam.test' };
const inDays = (days: number) => new Date(Date.now() + days * 86_400_000);

test('a pair that is valid for long is fine, one near its end is a warning, one past it a failure', () => {
  expect(judgeCertificate(pair, inDays(0))).toMatchObject([{ level: 'ok' }]);
  expect(judgeCertificate(pair, inDays(8.5))).toMatchObject([
    { level: 'warning', text: expect.stringMatching(/21 more days/) },
  ]);
  expect(judgeCertificate(pair, inDays(31))).toMatchObject([
    { level: 'failure', text: expect.stringMatching(/expired/) },
  ]);
});

test('a leaf that somebody else issued, without that issuer, is a warning: clients do not have it', () => {
  const issuer = makePair({ subject: '/CN=Middle', authority: true });
  const leaf = makePair({ names: 'DNS:exam.test', issuer });
  const alone = { ...leaf, serverName: 'exam.test' };
  expect(judgeCertificate(alone, inDays(0))).toMatchObject([
    { level: 'warning', text: expect.stringMatching(/the leaf stands alone/) },
    { level: 'ok' },
  ]);
  const whole = { ...alone, certificate: leaf.certificate + issuer.certificate };
  expect(judgeCertificate(whole, inDays(0))).toMatchObject([{ level: 'ok' }]);
});

test('a pair for another name is a failure, and the key is not quoted', () => {
  const found = judgeCertificate({ ...pair, serverName: 'other.test' }, inDays(0));
  expect(found).toMatchObject([{ level: 'failure', text: expect.stringMatching(/not for other\.test/) }]);
  expect(JSON.stringify(found)).not.toMatch(/PRIVATE KEY/);
});

test('is taken from the variables, and there is none where the platform makes its own', () => {
  const shell = { TF_VAR_tls_certificate: pair.certificate, TF_VAR_tls_private_key: pair.privateKey };
  expect(gatherPair({ selfSigned: false, serverName: 'exam.test' }, shell, '/')).toEqual(pair);
  expect(gatherPair({ selfSigned: true }, shell, '/')).toBeUndefined();
  expect(judgeCertificate(undefined, new Date())).toEqual([]);
});
