import { checkPair } from '../../constructs/units/certificate-pair';
import type { CertificateCheck } from '../../contract/certificate-check';

/**
 * Checks the pair in TF_VAR_tls_certificate and TF_VAR_tls_private_key before a service gets it. Synth cannot: cdktf
 * keeps TF_VAR_* from it. Exit 0, or 1 with every fault; nothing of the key is printed.
 */
function main(): number {
  const { serverName } = JSON.parse(process.env.CERTIFICATE_CHECK ?? '{}') as Partial<CertificateCheck>;
  const { TF_VAR_tls_certificate: certificate, TF_VAR_tls_private_key: privateKey } = process.env;
  if (!serverName || !certificate || !privateKey) {
    console.error(
      'tls: TF_VAR_tls_certificate and TF_VAR_tls_private_key must be exported\n  values from -var and *.tfvars files do not reach this check',
    );
    return 1;
  }
  const faults = checkPair({ certificate, privateKey, serverName, now: new Date() });
  for (const fault of faults) console.error(`tls: ${fault}`);
  if (faults.length === 0) console.log(`tls: the pair fits, and covers ${serverName}`);
  return faults.length === 0 ? 0 : 1;
}

process.exitCode = main();
