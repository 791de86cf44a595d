import { X509Certificate } from 'node:crypto';
import { joint } from './certificate-pair';

/** What is wrong with certificates that a program is to trust, each with what to do; empty when it can. */
export function checkCaFile(pem: string, now: Date): string[] {
  // A config is shown to whoever may ask the Swarm.
  if (/PRIVATE KEY-----/.test(pem)) return ['it has a private key, which does not belong there: take it out'];
  const joined = joint('it', pem);
  if (joined.length > 0) return joined;
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g);
  if (!blocks) return ['it is not PEM: convert it with openssl x509 -inform der -in FILE -out ca.pem'];
  let certificates: X509Certificate[];
  try {
    certificates = blocks.map((block) => new X509Certificate(block));
  } catch {
    return ['it is damaged: one of its PEM blocks cannot be read, copy the whole file again'];
  }
  // A bundle may have old ones among them.
  return certificates.some(({ validTo }) => new Date(validTo) > now)
    ? []
    : [`it expired on ${certificates.at(-1)!.validTo}: get a newer one`];
}
