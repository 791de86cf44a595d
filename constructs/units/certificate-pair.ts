import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';

export interface PairToCheck {
  /** PEM chain, leaf first. */
  readonly certificate: string;
  readonly privateKey: string;
  /** The name that clients use; host name or address. */
  readonly serverName: string;
  readonly now: Date;
}

/** What is wrong with a certificate and its key, each with what to do; empty when nginx can serve them. Never quotes the key. */
export function checkPair({ certificate, privateKey, serverName, now }: PairToCheck): string[] {
  const blocks = certificate.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g);
  if (!blocks) {
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
  let key: KeyObject;
  try {
    key = createPrivateKey(pem);
  } catch {
    return [
      'the private key is not a PEM key: convert it with openssl pkey -inform der -in FILE -out privkey.pem',
    ];
  }
  return leaf.checkPrivateKey(key)
    ? []
    : ['the private key does not belong to the certificate: they are of two pairs'];
}
