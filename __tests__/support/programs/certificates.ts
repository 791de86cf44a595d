import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
  X509Certificate,
} from 'node:crypto';
import { AsnConvert, OctetString } from '@peculiar/asn1-schema';
import {
  AlgorithmIdentifier,
  AttributeTypeAndValue,
  AttributeValue,
  AuthorityKeyIdentifier,
  BasicConstraints,
  Certificate,
  Extension,
  Extensions,
  GeneralName,
  id_ce_authorityKeyIdentifier,
  id_ce_basicConstraints,
  id_ce_keyUsage,
  id_ce_subjectAltName,
  id_ce_subjectKeyIdentifier,
  KeyIdentifier,
  KeyUsage,
  KeyUsageFlags,
  Name,
  RelativeDistinguishedName,
  SubjectAlternativeName,
  SubjectKeyIdentifier,
  SubjectPublicKeyInfo,
  TBSCertificate,
  Validity,
} from '@peculiar/asn1-x509';

export interface Pair {
  readonly certificate: string;
  readonly privateKey: string;
}

type Algorithm = 'ec' | 'rsa' | 'short rsa';

interface Options {
  /** OpenSSL's words: `DNS:example.com,IP:192.0.2.1`. @default no such extension */
  readonly names?: string;
  readonly subject?: string;
  /** @default it signs itself */
  readonly issuer?: Pair;
  readonly authority?: boolean;
  readonly algorithm?: Algorithm;
}

const DAY = 86_400_000;
const ATTRIBUTES: Record<string, string> = { CN: '2.5.4.3', O: '2.5.4.10' };
const SIGNATURES: Record<string, AlgorithmIdentifier> = {
  ec: new AlgorithmIdentifier({ algorithm: '1.2.840.10045.4.3.2' }),
  rsa: new AlgorithmIdentifier({ algorithm: '1.2.840.113549.1.1.11', parameters: null }),
};

/** A real certificate, valid for 30 days from now, and its key. */
export function makePair(options: Options = {}): Pair {
  const privateKey = makeKey(options.algorithm);
  const issuer = options.issuer ?? { privateKey, certificate: undefined };
  const signer = createPrivateKey(issuer.privateKey);
  const signature = SIGNATURES[signer.asymmetricKeyType!]!;
  const subject = nameOf(options.subject ?? '/CN=example.com');
  const now = Date.now();
  const tbsCertificate = new TBSCertificate({
    version: 2,
    serialNumber: bytes(Buffer.concat([Buffer.of(1), randomBytes(15)])),
    signature,
    issuer: issuer.certificate ? subjectOf(issuer.certificate) : subject,
    validity: new Validity({ notBefore: new Date(now), notAfter: new Date(now + 30 * DAY) }),
    subject,
    subjectPublicKeyInfo: publicKeyOf(createPrivateKey(privateKey)),
    extensions: extensions(options, publicKeyOf(createPrivateKey(privateKey)), publicKeyOf(signer)),
  });
  const signatureValue = bytes(sign('sha256', Buffer.from(AsnConvert.serialize(tbsCertificate)), signer));
  const certificate = new Certificate({ tbsCertificate, signatureAlgorithm: signature, signatureValue });
  return {
    certificate: new X509Certificate(Buffer.from(AsnConvert.serialize(certificate))).toString(),
    privateKey,
  };
}

export function makeKey(algorithm: Algorithm = 'ec'): string {
  const { privateKey } =
    algorithm === 'ec'
      ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
      : generateKeyPairSync('rsa', { modulusLength: algorithm === 'rsa' ? 2048 : 1024 });
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

/** What programs that verify a chain look at. */
function extensions(
  { names, authority = false }: Options,
  own: SubjectPublicKeyInfo,
  signer: SubjectPublicKeyInfo,
) {
  const add = (extnID: string, value: object, critical = false) =>
    new Extension({ extnID, critical, extnValue: new OctetString(AsnConvert.serialize(value)) });
  return new Extensions([
    add(id_ce_basicConstraints, new BasicConstraints({ cA: authority }), true),
    add(id_ce_subjectKeyIdentifier, new SubjectKeyIdentifier(fingerprint(own))),
    add(
      id_ce_authorityKeyIdentifier,
      new AuthorityKeyIdentifier({ keyIdentifier: new KeyIdentifier(fingerprint(signer)) }),
    ),
    ...(authority
      ? [add(id_ce_keyUsage, new KeyUsage(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign), true)]
      : []),
    ...(names
      ? [add(id_ce_subjectAltName, new SubjectAlternativeName(names.split(',').map(generalName)))]
      : []),
  ]);
}

function generalName(written: string): GeneralName {
  const [, kind, value] = /^(DNS|IP):(.+)$/.exec(written)!;
  return new GeneralName(kind === 'DNS' ? { dNSName: value! } : { iPAddress: value! });
}

/** From `/O=Trust Inc/CN=R1`. */
const nameOf = (text: string): Name =>
  new Name(
    text
      .slice(1)
      .split('/')
      .map((part) => {
        const [key, value] = part.split('=') as [string, string];
        const attribute = { type: ATTRIBUTES[key]!, value: new AttributeValue({ utf8String: value }) };
        return new RelativeDistinguishedName([new AttributeTypeAndValue(attribute)]);
      }),
  );

const subjectOf = (certificate: string): Name =>
  AsnConvert.parse(new X509Certificate(certificate).raw, Certificate).tbsCertificate.subject;

const publicKeyOf = (key: KeyObject): SubjectPublicKeyInfo =>
  AsnConvert.parse(createPublicKey(key).export({ type: 'spki', format: 'der' }), SubjectPublicKeyInfo);

const fingerprint = ({ subjectPublicKey }: SubjectPublicKeyInfo): ArrayBuffer =>
  bytes(createHash('sha1').update(Buffer.from(subjectPublicKey)).digest());

const bytes = (buffer: Buffer): ArrayBuffer => new Uint8Array(buffer).buffer;
