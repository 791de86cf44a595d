import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';

export interface PairToCheck {
  /** PEM chain, leaf first. */
  readonly certificate: string;
  readonly privateKey: string;
  /** The name that clients use; host name or address. */
  readonly serverName: string;
  readonly now: Date;
}

/** OpenSSL's security level 2, Debian's and its images' default. */
const SMALLEST_RSA = 2048;

/** What is wrong with a certificate and its key, each with what to do; empty when nginx can serve them. Never quotes the key. */
export function checkPair({ certificate, privateKey, serverName, now }: PairToCheck): string[] {
  const blocks = certificate.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g);
  const joined = [joint('the certificate', certificate), joint('the private key', privateKey)].flat();
  if (joined.length > 0) return joined;
  if (!blocks) {
    if (/PRIVATE KEY-----/.test(certificate)) {
      return ['the certificate is a private key: the two are exchanged, give each in the other’s place'];
    }
    return [
      'the certificate is not PEM: convert it with openssl x509 -inform der -in FILE -out fullchain.pem',
    ];
  }
  let chain: X509Certificate[];
  try {
    chain = blocks.map((block) => new X509Certificate(block));
  } catch {
    return ['the certificate is damaged: one of its PEM blocks cannot be read, copy the whole file again'];
  }
  const leaf = chain[0]!;
  return [
    ...chain.flatMap((one) => validity(one, now)),
    ...chain.slice(1).flatMap((issuer, index) => link(chain[index]!, issuer)),
    ...names(leaf, serverName),
    ...keyFaults(leaf, privateKey),
  ];
}

/** OpenSSL reads no such line, so nginx would not start. */
export const joint = (what: string, pem: string): string[] =>
  /-----END [^\r\n-]+-----[ \t]*-----BEGIN/.test(pem)
    ? [`${what} has two PEM blocks on one line, from files without a last line break: put one between them`]
    : [];

const subject = (certificate: X509Certificate) =>
  certificate.subject.replaceAll('\n', ', ') || 'a certificate';

function validity(certificate: X509Certificate, now: Date): string[] {
  if (new Date(certificate.validTo) <= now) {
    return [`${subject(certificate)} expired on ${certificate.validTo}: renew it`];
  }
  if (new Date(certificate.validFrom) > now) {
    return [`${subject(certificate)} is not valid before ${certificate.validFrom}: check the clock, or wait`];
  }
  return [];
}

const link = (child: X509Certificate, issuer: X509Certificate): string[] =>
  child.checkIssued(issuer) && child.verify(issuer.publicKey)
    ? []
    : [
        `the chain is out of order: ${subject(issuer)} did not issue ${subject(child)}; put the leaf first, each issuer after it`,
      ];

function names(leaf: X509Certificate, serverName: string): string[] {
  const covered = /^[0-9.]+$|:/.test(serverName)
    ? leaf.checkIP(serverName)
    : // Browsers look at subjectAltName alone.
      leaf.checkHost(serverName, { subject: 'never' });
  return covered
    ? []
    : [`the certificate is for ${leaf.subjectAltName ?? 'no name at all'}, not for ${serverName}`];
}

function keyFaults(leaf: X509Certificate, pem: string): string[] {
  if (/ENCRYPTED/.test(pem)) {
    return ['the private key is encrypted, nginx could not read it: openssl pkey -in KEY -out privkey.pem'];
  }
  if (/-----BEGIN CERTIFICATE-----/.test(pem) && !/PRIVATE KEY-----/.test(pem)) {
    return ['the private key is a certificate: give the file with “PRIVATE KEY” in its first line'];
  }
  let key: KeyObject;
  try {
    key = createPrivateKey(pem);
  } catch {
    return [
      'the private key is not a PEM key: convert it with openssl pkey -inform der -in FILE -out privkey.pem',
    ];
  }
  const { modulusLength = SMALLEST_RSA } = key.asymmetricKeyDetails ?? {};
  if (key.asymmetricKeyType === 'rsa' && modulusLength < SMALLEST_RSA) {
    return [
      `the key has ${modulusLength} bits, and nginx refuses RSA below ${SMALLEST_RSA}: make a new pair`,
    ];
  }
  return leaf.checkPrivateKey(key)
    ? []
    : ['the private key does not belong to the certificate: they are of two pairs'];
}
