import type { Duration, Memory } from '../../units';
import type { ServiceSpec } from './service';

export interface StatefulSpec extends ServiceSpec {
  /** Where its volume is. @default 'node.role==manager' */
  readonly placement?: string;
  /** At most 55 s: Swarm starts the new task after 60 s whatever the old one does. @default 55 s */
  readonly stopGracePeriod?: Duration;
}

export interface MariadbSpec<Database extends string, Secret extends string> extends StatefulSpec {
  readonly databases: Readonly<Record<Database, DatabaseSpec>>;
  /** The account of all applications, made by the provisioning step. */
  readonly user: string;
  readonly password: NoInfer<Secret>;
}

export interface KafkaSpec extends StatefulSpec {
  /** The JVM's heap, well below the memory limit. */
  readonly heap: Memory;
}

export interface DatabaseSpec {
  /** An idempotent SQL file (`CREATE TABLE IF NOT EXISTS …`), relative to the project, run at each deploy that changes it. @default none */
  readonly schema?: string;
}
