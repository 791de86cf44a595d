import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { checkPair } from '../../constructs/units/certificate-pair';
import type { DeploySettings } from '../deploy/settings';
import { type Finding, failure, ok, warning } from './finding';

/** Let's Encrypt renews 30 days before the end: what is nearer is not being renewed. */
const WARN_DAYS = 21;
const DAY = 86_400_000;

export interface ProvidedPair {
  readonly certificate: string;
  readonly privateKey: string;
  readonly serverName: string;
}

/** The pair that somebody provides, from files or variables; undefined where the platform makes its own. */
export function gatherPair(
  settings: DeploySettings,
  shell: Readonly<Record<string, string | undefined>>,
  projectFolder: string,
): ProvidedPair | undefined {
  const { certificateFile, privateKeyFile, serverName = '' } = settings;
  if (settings.selfSigned !== false) return undefined;
  const { TF_VAR_tls_certificate: certificate, TF_VAR_tls_private_key: privateKey } = shell;
  if (certificateFile && privateKeyFile) {
    const text = (path: string) => readFileSync(resolve(projectFolder, path), 'utf8');
    return { certificate: text(certificateFile), privateKey: text(privateKeyFile), serverName };
  }
  // Where they are missing, the check of the variables says so.
  return certificate && privateKey ? { certificate, privateKey, serverName } : undefined;
}

export function judgeCertificate(pair: ProvidedPair | undefined, now: Date): Finding[] {
  if (!pair) return [];
  const faults = checkPair({ ...pair, now });
  if (faults.length > 0) {
    return faults.map((fault) => failure('certificate', fault, 'correct the pair, then deploy again'));
  }
  const until = new Date(new X509Certificate(pair.certificate).validTo);
  const days = Math.floor((until.getTime() - now.getTime()) / DAY);
  const text = `valid for ${days} more days, until ${until.toISOString().slice(0, 10)}`;
  return [
    days <= WARN_DAYS
      ? warning('certificate', text, 'renew it now; an expired one is refused at the next deploy')
      : ok('certificate', text),
  ];
}
