import { doubtInWords, doubtOf } from '../../../../operations/certificates/doubt';

const NOW = new Date('2026-01-02T03:04:05Z');
const given = { selfSigned: false, untrusted: null, validTo: '2026-03-02T03:04:05Z' };
const selfMade = { ...given, selfSigned: true, untrusted: 'DEPTH_ZERO_SELF_SIGNED_CERT' };
const unknown = { ...given, untrusted: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' };
const misnamed = { ...given, untrusted: 'ERR_TLS_CERT_ALTNAME_INVALID' };
const PRODUCTION = { acme: true, trusted: true };
const STAGING = { acme: true, trusted: false };
const PROVIDED = { acme: false, trusted: true };
const SELF_SIGNED = { acme: false, trusted: false };

test('a self-signed one in place of an ACME server’s is the fallback, also of staging', () => {
  expect([PRODUCTION, STAGING].map((promised) => doubtOf(selfMade, promised, NOW))).toEqual([
    'fallback',
    'fallback',
  ]);
});

test('one that was promised to be trusted is not, or is for another name', () => {
  for (const promised of [PRODUCTION, PROVIDED]) {
    expect(doubtOf(given, promised, NOW)).toBeUndefined();
    expect(doubtOf(unknown, promised, NOW)).toBe('untrusted');
    expect(doubtOf(misnamed, promised, NOW)).toBe('otherName');
  }
  expect(doubtOf(selfMade, PROVIDED, NOW)).toBe('untrusted');
});

test('nobody is promised trust in one of staging, or in a self-signed one', () => {
  expect(doubtOf(unknown, STAGING, NOW)).toBeUndefined();
  for (const found of [selfMade, unknown, misnamed]) expect(doubtOf(found, SELF_SIGNED, NOW)).toBeUndefined();
});

test('one that has expired is told by its age alone', () => {
  const expired = { ...given, untrusted: 'CERT_HAS_EXPIRED', validTo: '2026-01-01T00:00:00Z' };
  expect(doubtOf(expired, PRODUCTION, NOW)).toBeUndefined();
});

test('each says why, and what to do', () => {
  expect(doubtInWords('fallback', 'SELF_SIGNED')).toMatch(/certbot's log says why$/);
  expect(doubtInWords('otherName', 'ALTNAME')).toMatch(/\(ALTNAME\), who refuse it: see docs/);
  expect(doubtInWords('untrusted', 'UNKNOWN')).toMatch(/here \(UNKNOWN\): .*NODE_EXTRA_CA_CERTS/);
});
