import type { TlsEndpoint } from '../../contract/tls-endpoint';
import { doubtInWords, doubtOf } from './doubt';
import { expiryOf } from './expiry';
import { servedCertificate } from './served';

export interface CertificateNote {
  readonly warn: boolean;
  /** One line. */
  readonly text: string;
}

/** What clients are served now, for a plan's summary or after a rollout; undefined when nobody answers there with TLS. */
export async function certificateNote(
  endpoint: TlsEndpoint,
  now = new Date(),
): Promise<CertificateNote | undefined> {
  const found = await servedCertificate(endpoint).catch(() => undefined);
  if (!found) return undefined;
  const { daysLeft, warn, text } = expiryOf(found, now);
  const where = `the certificate at ${endpoint.host}:${endpoint.port} (${found.selfSigned ? 'self-signed' : `by ${found.issuer}`})`;
  const doubt = doubtOf(found, { acme: endpoint.acme ?? false, trusted: false }, now);
  if (doubt) return { warn: true, text: `${where} ${doubtInWords(doubt, found.untrusted)}` };
  const advice = daysLeft < 0 ? ': clients refuse it, renew it now' : ': renew it, see docs/certificates.md';
  return { warn, text: `${where} ${text}${warn ? advice : ''}` };
}
