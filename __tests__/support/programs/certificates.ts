import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Pair {
  readonly certificate: string;
  readonly privateKey: string;
}

type Algorithm = 'ec' | 'rsa' | 'short rsa';

interface Options {
  /** OpenSSL's words: `DNS:example.com,IP:192.0.2.1`. @default no such extension */
  readonly names?: string;
  readonly subject?: string;
  readonly issuer?: Pair;
  readonly authority?: boolean;
  readonly algorithm?: Algorithm;
}

/** Makes real certificates with openssl, valid for 30 days from now. */
export class CertificateMaker {
  private readonly folder = mkdtempSync(join(tmpdir(), 'certificates-'));

  pair({ names, subject = '/CN=example.com', issuer, authority, algorithm = 'ec' }: Options = {}): Pair {
    const privateKey = this.key(algorithm);
    const keyFile = this.file('key.pem', privateKey);
    const certificate = this.openssl(
      ...['req', '-x509', '-new', '-days', '30', '-subj', subject, '-key', keyFile],
      ...(issuer
        ? ['-CA', this.file('ca.pem', issuer.certificate), '-CAkey', this.file('ca.key', issuer.privateKey)]
        : []),
      ...['-addext', `basicConstraints=critical,CA:${authority ? 'TRUE' : 'FALSE'}`],
      // Strict readers of a chain want it of an authority.
      ...(authority ? ['-addext', 'keyUsage=critical,keyCertSign,cRLSign'] : []),
      ...(names ? ['-addext', `subjectAltName=${names}`] : []),
    );
    return { certificate, privateKey };
  }

  key(algorithm: Algorithm = 'ec'): string {
    const bits = algorithm === 'rsa' ? 2048 : 1024;
    return algorithm !== 'ec'
      ? this.openssl('genpkey', '-algorithm', 'RSA', '-pkeyopt', `rsa_keygen_bits:${bits}`)
      : this.openssl('genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256');
  }

  /** Writes `input` to a file and runs `openssl <args> -in <file>`. */
  convert(input: string, ...args: string[]): string {
    return this.openssl(...args, '-in', this.file('input', input));
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private file(name: string, content: string): string {
    const path = join(this.folder, name);
    writeFileSync(path, content);
    return path;
  }

  /** What it writes, read as text as a careless program would: DER becomes garbage. */
  private openssl(...args: string[]): string {
    const out = join(this.folder, 'out');
    execFileSync('openssl', [...args, '-out', out], { stdio: 'pipe' });
    return readFileSync(out, 'utf8');
  }
}
