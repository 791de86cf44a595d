import { isIP } from 'node:net';
import { connect, type PeerCertificate } from 'node:tls';
import { harmless, oneLine } from '../terminal/untrusted';

/** The certificate that clients get. */
export interface Certificate {
  readonly subject: string;
  readonly issuer: string;
  readonly selfSigned: boolean;
  /** Why a client of this machine would refuse it; null when it would not. */
  readonly untrusted: string | null;
  /** ISO 8601, as is `validTo`. */
  readonly validFrom: string;
  readonly validTo: string;
}

const PATIENCE_MS = 5_000;

/** @throws when nobody answers there with TLS in 5 s */
export function servedCertificate(at: {
  host: string;
  port: number;
  serverName?: string;
}): Promise<Certificate> {
  const name = at.serverName ?? (isIP(at.host) ? undefined : at.host);
  return new Promise((resolve, reject) => {
    const socket = connect({
      host: at.host,
      port: at.port,
      // It is looked at, not relied on: nothing is sent.
      rejectUnauthorized: false,
      ...(name ? { servername: name } : {}),
    });
    const timer = setTimeout(() => socket.destroy(new Error('no answer for 5 s')), PATIENCE_MS);
    socket.once('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    socket.once('secureConnect', () => {
      clearTimeout(timer);
      const peer = socket.getPeerCertificate();
      const error = socket.authorizationError as Error | string | null | undefined;
      socket.destroy();
      if (!peer.valid_to) reject(new Error('no certificate was shown'));
      else resolve(describe(peer, error ? String((error as Error).message ?? error) : null));
    });
  });
}

function describe(peer: PeerCertificate, untrusted: string | null): Certificate {
  const [subject, issuer] = [nameOf(peer.subject), nameOf(peer.issuer)];
  return {
    subject: subject || shown(peer.subjectaltname ?? '') || '(no name)',
    issuer: issuer || '(no name)',
    selfSigned: JSON.stringify(peer.subject) === JSON.stringify(peer.issuer),
    untrusted: untrusted === null ? null : shown(untrusted),
    validFrom: new Date(peer.valid_from).toISOString(),
    validTo: new Date(peer.valid_to).toISOString(),
  };
}

/** The common name, with the organisation where there is one: Let's Encrypt's issuers are called `R11`. */
/** Whoever answers there has written it. */
const shown = (text: string): string => oneLine(harmless(text));

function nameOf(part: PeerCertificate['subject']): string {
  return shown([part?.O, part?.CN].flat().filter(Boolean).join(' '));
}
