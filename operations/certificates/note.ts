import { expiryOf } from './expiry';
import { servedCertificate } from './served';

/** Where clients get the certificate. */
export interface CertificateEndpoint {
  readonly host: string;
  readonly port: number;
  readonly serverName: string;
  /** Let's Encrypt is to give one: a self-signed one is the fallback then. @default false */
  readonly acme?: boolean;
}

export interface CertificateNote {
  readonly warn: boolean;
  /** One line. */
  readonly text: string;
}

/** What clients are served now, for a plan's summary or after a rollout; undefined when nobody answers there with TLS. */
export async function certificateNote(
  endpoint: CertificateEndpoint,
  now = new Date(),
): Promise<CertificateNote | undefined> {
  const found = await servedCertificate(endpoint).catch(() => undefined);
  if (!found) return undefined;
  const { daysLeft, warn, text } = expiryOf(found, now);
  const where = `the certificate at ${endpoint.host}:${endpoint.port} (${found.selfSigned ? 'self-signed' : `by ${found.issuer}`})`;
  if (endpoint.acme && found.selfSigned) {
    return {
      warn: true,
      text: `${where} is the fallback: there is none from the ACME server yet; certbot's log says why`,
    };
  }
  const advice = daysLeft < 0 ? ': clients refuse it, renew it now' : ': renew it, see docs/certificates.md';
  return { warn, text: `${where} ${text}${warn ? advice : ''}` };
}
