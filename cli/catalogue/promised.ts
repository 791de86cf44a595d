import type { TlsSpec } from '../../constructs';
import type { PromisedCertificate } from '../../operations/certificates/doubt';

/** Which certificate clients are to get, as the catalogue says. */
export const promisedOf = (tls: TlsSpec): PromisedCertificate => ({
  acme: tls.mode === 'letsencrypt',
  trusted: tls.mode === 'provided' || (tls.mode === 'letsencrypt' && tls.directory !== 'staging'),
});
