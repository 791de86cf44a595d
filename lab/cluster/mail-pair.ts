import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { LabPaths } from '../ground/paths';
import { run } from '../ground/shell';

/** Files in PEM: what the mail server shows, and the CA's certificate for those who are to trust it. */
export const mailPair = ({ mailTls }: LabPaths) => ({
  ca: join(mailTls, 'ca.pem'),
  certificate: join(mailTls, 'mail.pem'),
  key: join(mailTls, 'mail.key'),
});

/** A certificate of a CA that nobody else knows, as a private mail server has one. The CA's own key is thrown away. */
export async function ensureMailPair(paths: LabPaths, address: string): Promise<void> {
  const { ca, certificate, key } = mailPair(paths);
  if (existsSync(certificate)) return;
  mkdirSync(paths.mailTls, { recursive: true, mode: 0o700 });
  const caKey = join(paths.mailTls, 'ca.key');
  const request = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  const made = (...args: string[]) => run('openssl', [...request, '-days', '3650', ...args]);
  await made('-subj', "/CN=the lab's CA", '-keyout', caKey, '-out', ca);
  const issued = ['-CA', ca, '-CAkey', caKey, '-subj', '/CN=mail of the lab'];
  const extensions = [`subjectAltName=IP:${address}`, 'basicConstraints=critical,CA:FALSE'];
  const added = extensions.flatMap((extension) => ['-addext', extension]);
  await made(...issued, ...added, '-keyout', key, '-out', certificate);
  rmSync(caKey);
}
