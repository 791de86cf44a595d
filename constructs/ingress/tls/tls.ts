import type { CertificateCheck } from '../../../contract/certificate-check';
import { type Construct, type MountableSecret, SelfSignedPair, Step, SwarmSecret } from '../../swarm';
import type { AcmeOrder, AcmeSpec } from './acme';
import { checkPairFiles } from './certificate';

/** Where nginx's certificate comes from. */
export type TlsSpec =
  | {
      /**
       * A pair that Terraform makes: for development and tests.
       * @example mode: 'self-signed'
       * @change rolls nginx
       */
      readonly mode: 'self-signed';
    }
  | {
      /**
       * A pair that somebody else made. Either two PEM files, relative to the project, read when Terraform runs and
       * checked at synth; or, without them, the variables TF_VAR_tls_certificate (chain, leaf first) and
       * TF_VAR_tls_private_key, checked before any service changes.
       * @example mode: 'provided'
       * @change rolls nginx
       */
      readonly mode: 'provided';
      /**
       * The chain as PEM, the leaf certificate first, relative to the project.
       * @default the variable TF_VAR_tls_certificate
       * @example certificateFile: 'certificates/fullchain.pem'
       * @change rolls nginx
       */
      readonly certificateFile?: string;
      /**
       * Its private key as PEM, not encrypted, relative to the project.
       * @default the variable TF_VAR_tls_private_key
       * @example privateKeyFile: 'certificates/privkey.pem'
       * @change rolls nginx
       */
      readonly privateKeyFile?: string;
      /**
       * Strict-Transport-Security for two years: browsers then refuse any certificate that they do not trust, with no
       * way to click past it. Only for one of a public CA, which cannot be told from another here.
       * @default false
       * @example hsts: true
       * @change rolls nginx
       */
      readonly hsts?: boolean;
    }
  | AcmeSpec;

/** What nginx serves; with ACME, what it serves until there is better. */
export interface TlsPair {
  readonly certificate: MountableSecret;
  readonly privateKey: MountableSecret;
  /** Steps that must pass before anything uses the pair. */
  readonly checks: readonly Step[];
  /** Where a better pair will come from. @default nowhere */
  readonly acme?: { readonly order: AcmeOrder; readonly watchScript: string };
}

export interface TlsPairProps {
  readonly serverName: string;
  /** Where the server is reached by ssh; in the self-signed certificate, too, when it is an address. */
  readonly host: string;
  /** What the files are relative to. */
  readonly projectFolder: string;
  /** The bundled script that checks a pair in variables, which synth cannot see. */
  readonly script: string;
}

/** Smaller than any PEM, larger than nothing: catches an empty variable or file. */
const SHORTEST_PEM = 100;

/** Browsers are told to insist on a trusted certificate: only where it is one. */
export const insistsOnTls = (tls: TlsSpec): boolean =>
  tls.mode === 'provided'
    ? (tls.hsts ?? false)
    : tls.mode === 'letsencrypt' && tls.directory === 'production' && (tls.hsts ?? true);

export function tlsPair(scope: Construct, tls: TlsSpec, props: TlsPairProps): TlsPair {
  const { serverName, projectFolder, host: address } = props;
  // Always there: turning back to it is then a change of nginx alone.
  const selfSigned = new SelfSignedPair(scope, 'tls_self_signed', { serverName, address });
  if (tls.mode !== 'provided') {
    return { certificate: selfSigned.certificate, privateKey: selfSigned.privateKey, checks: [] };
  }

  const { certificateFile, privateKeyFile } = tls;
  if ((certificateFile === undefined) !== (privateKeyFile === undefined)) {
    throw new Error(
      'tls: only one of certificateFile and privateKeyFile is given\n  give both files, or none to use TF_VAR_tls_certificate and TF_VAR_tls_private_key',
    );
  }
  if (certificateFile !== undefined && privateKeyFile !== undefined) {
    checkPairFiles({ projectFolder, certificateFile, privateKeyFile, serverName });
  }
  const certificate = new SwarmSecret(scope, 'tls_certificate', {
    minLength: SHORTEST_PEM,
    description: 'PEM chain for nginx, the leaf certificate first',
    ...(certificateFile === undefined ? {} : { file: certificateFile }),
  });
  const privateKey = new SwarmSecret(scope, 'tls_private_key', {
    minLength: SHORTEST_PEM,
    description: 'PEM private key of the certificate, not encrypted',
    ...(privateKeyFile === undefined ? {} : { file: privateKeyFile }),
  });
  if (certificateFile !== undefined) return { certificate, privateKey, checks: [] };
  const input: CertificateCheck = { serverName };
  const check = new Step(scope, 'tls_check', {
    script: props.script,
    input: { variable: 'CERTIFICATE_CHECK', value: () => input },
    triggers: { certificate: certificate.hash, privateKey: privateKey.hash, serverName },
  });
  return { certificate, privateKey, checks: [check] };
}
