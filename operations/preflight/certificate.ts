import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { checkPair } from '../../constructs/units/certificate-pair';
import type { DeploySettings } from '../../contract/deploy-settings';
import type { Shell } from '../../contract/shell';
import { expiryOf, WARN_DAYS } from '../certificates/expiry';
import { type Finding, failure, ok, warning } from '../terminal/finding';

export interface ProvidedPair {
  readonly certificate: string;
  readonly privateKey: string;
  readonly serverName: string;
}

/** The pair that somebody provides, from files or variables; undefined where the platform makes its own. */
export function gatherPair(
  settings: DeploySettings,
  shell: Shell,
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
  const leaf = new X509Certificate(pair.certificate);
  const { daysLeft } = expiryOf(leaf, now);
  const text = `valid for ${daysLeft} more days, until ${new Date(leaf.validTo).toISOString().slice(0, 10)}`;
  return [
    ...lonely(leaf, pair.certificate),
    // Whatever its lifetime: people renew it.
    daysLeft <= WARN_DAYS
      ? warning('certificate', text, 'renew it now; an expired one is refused at the next deploy')
      : ok('certificate', text),
  ];
}

/** Most CAs sign with an intermediate certificate, which clients do not have. */
function lonely(leaf: X509Certificate, text: string): Finding[] {
  const alone = text.match(/-----BEGIN CERTIFICATE-----/g)?.length === 1;
  return alone && leaf.subject !== leaf.issuer
    ? [
        warning(
          'certificate',
          'the leaf stands alone: without its issuer’s certificate many clients refuse it',
          'append the issuer’s certificate (the CA’s “chain” file), unless clients have it already',
        ),
      ]
    : [];
}
