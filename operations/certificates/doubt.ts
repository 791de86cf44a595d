import type { Certificate } from './served';

/** Which certificate the catalogue promises. */
export interface PromisedCertificate {
  /** An ACME server gives it: a self-signed one is the fallback then. */
  readonly acme: boolean;
  /** Clients take it. */
  readonly trusted: boolean;
}

/** Why what is served is not what was promised. */
export type Doubt = 'fallback' | 'otherName' | 'untrusted';

/** @returns undefined where it is that one, and for one that is no more than expired: its age says so */
export function doubtOf(
  { selfSigned, untrusted, validTo }: Pick<Certificate, 'selfSigned' | 'untrusted' | 'validTo'>,
  { acme, trusted }: PromisedCertificate,
  now: Date,
): Doubt | undefined {
  if (acme && selfSigned) return 'fallback';
  if (!trusted || untrusted === null || Date.parse(validTo) < now.getTime()) return undefined;
  return /altname/i.test(untrusted) ? 'otherName' : 'untrusted';
}

/** With what to do, to follow `the certificate at …`. @param untrusted why this machine would refuse it */
export const doubtInWords = (doubt: Doubt, untrusted: string | null): string =>
  ({
    fallback: "is the fallback: there is none from the ACME server yet; certbot's log says why",
    otherName: `is for another name than clients ask for (${untrusted}), who refuse it: see docs/certificates.md`,
    untrusted: `is not trusted here (${untrusted}): clients refuse it, unless they know its issuer; NODE_EXTRA_CA_CERTS names a CA of your own`,
  })[doubt];
