import { createPrivateKey, createPublicKey, type KeyExportOptions, X509Certificate } from 'node:crypto';
import { checkPair, type PairToCheck } from '../../../../constructs/units/certificate-pair';
import { makeKey, makePair, type Pair } from '../../../support/programs/certificates';

const DAY = 86_400_000;

const root = makePair({ subject: '/CN=Root', authority: true });
const middle = makePair({ subject: '/CN=Middle', names: 'DNS:middle.test', authority: true, issuer: root });
const leaf = makePair({
  names: 'DNS:example.com,DNS:*.example.org,IP:192.0.2.7,IP:2001:db8::7',
  issuer: middle,
});
const other = makePair({ names: 'DNS:example.com' });
const short = makePair({ names: 'DNS:example.com', algorithm: 'short rsa' });

/** The key of the leaf in another form. */
const leafKey = (options: KeyExportOptions<'pem'>): string =>
  createPrivateKey(leaf.privateKey).export(options).toString();
const OLDER = { type: 'sec1', format: 'pem' } as const;

const faults = (pair: Partial<PairToCheck> = {}) =>
  checkPair({
    certificate: leaf.certificate + middle.certificate,
    privateKey: leaf.privateKey,
    serverName: 'example.com',
    now: new Date(),
    ...pair,
  });

describe('accepts', () => {
  test('a leaf with its issuer, and the key of the leaf', () => expect(faults()).toEqual([]));

  test('a chain up to the root', () => {
    expect(faults({ certificate: leaf.certificate + middle.certificate + root.certificate })).toEqual([]);
  });

  test('a self-signed pair', () => expect(faults(other)).toEqual([]));

  test('an RSA pair', () => {
    expect(faults(makePair({ names: 'DNS:example.com', algorithm: 'rsa' }))).toEqual([]);
  });

  test('text around the blocks, as certbot and openssl write it', () => {
    expect(
      faults({ certificate: `subject=CN = example.com\r\n${leaf.certificate}\n\n${middle.certificate}` }),
    ).toEqual([]);
  });

  test.each<[string, (pem: string) => string]>([
    ['Windows’ line ends', (pem) => pem.replaceAll('\n', '\r\n')],
    ['no last line end', (pem) => pem.replace(/\n$/, '')],
    ['a byte order mark', (pem) => `\uFEFF${pem}`],
    ['spaces at the ends of lines', (pem) => pem.replaceAll('\n', ' \n')],
  ])('%s', (_, change) => {
    const certificate = change(leaf.certificate + middle.certificate);
    expect(faults({ certificate, privateKey: change(leaf.privateKey) })).toEqual([]);
  });

  test('a key after its parameters, as openssl ecparam writes it', () => {
    const parameters = '-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n';
    expect(faults({ privateKey: parameters + leafKey(OLDER) })).toEqual([]);
  });

  test('a key in the older form', () => {
    expect(faults({ privateKey: leafKey(OLDER) })).toEqual([]);
  });

  test.each(['example.com', 'a.example.org', '192.0.2.7', '2001:db8::7'])(
    'the name %s of several',
    (serverName) => {
      expect(faults({ serverName })).toEqual([]);
    },
  );
});

describe('refuses, with one fault and what to do,', () => {
  /** Read as text, as a careless program would: garbage. */
  const der = (pair: Pair) => new X509Certificate(pair.certificate).raw.toString('utf8');
  const damaged = leaf.certificate.replace(/\n[^\n]+\n-----END/, '\n-----END');
  const hidden = { cipher: 'aes-256-cbc', passphrase: 'secret' };

  test.each<[string, Partial<PairToCheck>, RegExp]>([
    ['a key of another pair', { privateKey: other.privateKey }, /key does not belong to the certificate/],
    ['a key of another kind', { privateKey: makeKey('rsa') }, /key does not belong to the certificate/],
    [
      'a name that it is not for',
      { serverName: 'example.net' },
      /is for DNS:example.com.*, not for example.net/,
    ],
    ['a name two levels below a wildcard', { serverName: 'a.b.example.org' }, /not for a.b.example.org/],
    ['an address that it is not for', { serverName: '192.0.2.8' }, /not for 192.0.2.8/],
    ['an IPv6 address that it is not for', { serverName: '2001:db8::8' }, /not for 2001:db8::8/],
    // Browsers look at subjectAltName alone.
    ['a name in the subject alone', makePair({}), /for no name at all, not for example.com/],
    [
      'a chain with the issuer first',
      {
        certificate: middle.certificate + leaf.certificate,
        privateKey: middle.privateKey,
        serverName: 'middle.test',
      },
      /chain is out of order: .*put the leaf first/s,
    ],
    [
      'a chain with a link missing',
      { certificate: leaf.certificate + root.certificate },
      /CN=Root did not issue CN=example.com/,
    ],
    ['a certificate in DER', { certificate: der(leaf) }, /certificate is not PEM.*openssl x509 -inform der/],
    ['a certificate that is garbage', { certificate: 'garbage' }, /certificate is not PEM/],
    ['an empty certificate', { certificate: '' }, /certificate is not PEM/],
    [
      'a certificate that was cut',
      { certificate: damaged },
      /certificate is damaged.*copy the whole file again/,
    ],
    [
      'an encrypted key',
      { privateKey: leafKey({ type: 'pkcs8', format: 'pem', ...hidden }) },
      /key is encrypted.*openssl pkey -in KEY/,
    ],
    ['a key encrypted the older way', { privateKey: leafKey({ ...OLDER, ...hidden }) }, /key is encrypted/],
    [
      'a key in DER',
      {
        privateKey: createPrivateKey(leaf.privateKey)
          .export({ type: 'pkcs8', format: 'der' })
          .toString('utf8'),
      },
      /key is not a PEM key.*openssl pkey -inform der/,
    ],
    [
      'a chain of files that were joined without a line end',
      { certificate: leaf.certificate.trimEnd() + middle.certificate },
      /certificate has two PEM blocks on one line.*put one between them/,
    ],
    [
      'a certificate and a key that are exchanged',
      { certificate: leaf.privateKey, privateKey: leaf.certificate },
      /certificate is a private key: the two are exchanged/,
    ],
    [
      'a certificate as the key',
      { privateKey: leaf.certificate },
      /key is a certificate: give the file with/,
    ],
    [
      'a key that nginx refuses for its length',
      short,
      /key has 1024 bits, and nginx refuses RSA below 2048: make a new pair/,
    ],
    ['a key that is garbage', { privateKey: 'garbage' }, /key is not a PEM key/],
    [
      'a public key',
      { privateKey: createPublicKey(leaf.privateKey).export({ type: 'spki', format: 'pem' }).toString() },
      /key is not a PEM key/,
    ],
  ])('%s', (_, pair, message) => {
    const found = faults(pair);
    expect(found).toEqual([expect.stringMatching(message)]);
  });

  test('an expired pair', () => {
    const found = faults({ ...other, now: new Date(Date.now() + 31 * DAY) });
    expect(found).toEqual([expect.stringMatching(/^CN=example.com expired on .* GMT: renew it$/)]);
  });

  test('a pair of tomorrow', () => {
    const found = faults({ ...other, now: new Date(Date.now() - DAY) });
    expect(found).toEqual([
      expect.stringMatching(/^CN=example.com is not valid before .* GMT: check the clock, or wait$/),
    ]);
  });
});

test('an expired issuer counts as much as an expired leaf', () => {
  expect(faults({ now: new Date(Date.now() + 31 * DAY) })).toHaveLength(2);
});

test('says all faults at once, and never quotes the key', () => {
  const found = faults({ privateKey: other.privateKey, serverName: 'example.net', now: new Date(0) });
  expect(found).toHaveLength(4);
  for (const line of other.privateKey.split('\n').slice(1, -2)) expect(found.join()).not.toContain(line);
});
