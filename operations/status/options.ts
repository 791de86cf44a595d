import type { BackupSettings } from '../../contract/backup-settings';
import type { DeploySettings } from '../../contract/deploy-settings';
import type { PromisedCertificate } from '../certificates/doubt';
import type { Target } from '../docker/target';
import type { DeclaredNames } from '../stack/strangers';

export interface StatusOptions {
  readonly target: Target;
  readonly stack: string;
  /** Where TLS is looked at. */
  readonly https: { readonly host: string; readonly port: number; readonly serverName?: string };
  /** Which certificate it should be there. @default whatever is served, as for a stack that the catalogue does not have */
  readonly promised?: PromisedCertificate | undefined;
  /** What is not of these is told. Undefined where the catalogue could not be read, or is of another stack. */
  readonly declared: DeclaredNames | undefined;
  /** What stands before the server. */
  readonly front?: DeploySettings['front'];
  /** What the catalogue says of backups. @default there are none */
  readonly backup?: BackupSettings | undefined;
  readonly watch: boolean;
  readonly json: boolean;
}
