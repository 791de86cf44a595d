import type { Capability, Duration } from '../../units';
import type { ServiceSpec } from './service';

/** What runs once before an application rolls. */
export interface MigrateSpec {
  /**
   * Program and arguments, without a shell.
   * @example command: ['alembic', 'upgrade', 'head']
   * @change restarts nothing; the next deploy runs it
   */
  readonly command: readonly string[];
  /**
   * How long it may take; then it is stopped, and nothing rolls.
   * @default 10 minutes
   * @example timeout: Duration.minutes(30)
   * @change restarts nothing
   */
  readonly timeout?: Duration;
}

/** One of the platform's applications. */
export interface ApplicationSpec<Secret extends string, Variable extends string, Uses, Service extends string>
  extends ServiceSpec {
  /**
   * The port it listens on.
   * @example port: 8000
   * @change rolls the service, nginx and the services that have its URL
   */
  readonly port: number;
  /**
   * The image's CMD, repeated: an overridden entrypoint drops it.
   * @example command: ['uvicorn', 'main:app', '--port', '8000']
   * @change rolls the service
   */
  readonly command: readonly string[];
  /**
   * How many tasks it has.
   * @example replicas: 2
   * @change starts or stops the difference, the other tasks stay
   */
  readonly replicas: number;
  /**
   * What it cannot work without, by the backends' keys.
   * @default none
   * @example backends: { mariadb: 'shop_orders', kafka: true }
   * @change rolls the service
   */
  readonly backends?: Uses;
  /**
   * For how long a task waits for those backends at most before it starts: some clients that first met a dead broker stay
   * broken until their task restarts. Its healthcheck's start period is so much longer. `Duration.seconds(0)` waits for
   * none. Asked with python3, nc or curl, whichever the image has; in one with none of them the task does not wait, and
   * its log says so.
   * @default 2 min, as long as MariaDB and Kafka may take to start
   * @example waitForBackends: Duration.seconds(30)
   * @change rolls the service
   */
  readonly waitForBackends?: Duration;
  /**
   * Environment variables that say the same everywhere. They win over the image's own `ENV`, as do secrets, variables, urls and
   * what backends set.
   * @default none
   * @example settings: { LOG_LEVEL: 'info' }
   * @change rolls the service
   */
  readonly settings?: Readonly<Record<string, string>>;
  /**
   * Environment variables that take a secret's value, in upper case; each is a file of that name under /run/secrets, too.
   * One that is not in upper case is a file alone, which no environment shows: a setting or an argument names it
   * (`DB_PASSWORD_FILE: '/run/secrets/db_password'`), or it has a dot (`tls.key`). With `launcher: false` all are files alone.
   * @default none
   * @example secrets: { JWT_SECRET_KEY: 'jwt_secret_key' }
   * @change rolls the service
   */
  readonly secrets?: Readonly<Record<string, Secret>>;
  /**
   * Environment variables that take a variable's value.
   * @default none
   * @example variables: { SMTP_HOST: 'smtp_host' }
   * @change rolls the service
   */
  readonly variables?: Readonly<Record<string, Variable>>;
  /**
   * Environment variables that take another service's address, `http://<service>:<port>`.
   * @default none
   * @example urls: { USER_SERVICE_URL: 'userservice' }
   * @change rolls the service
   */
  readonly urls?: Readonly<Record<string, Service>>;
  /**
   * Certificates that it trusts, as PEM, relative to the project: of the CA of a private mail server or registry. Mounted
   * at /ca.pem, and named by SSL_CERT_FILE, REQUESTS_CA_BUNDLE, CURL_CA_BUNDLE and NODE_EXTRA_CA_CERTS, those apart that
   * the application sets itself. Node.js adds them to those that it knows, some programs know none but them then: one
   * that also calls public servers wants a bundle, those of Mozilla and the own one in one file
   * ([how](security.md#a-certificate-authority-of-your-own)).
   * @default what its image trusts
   * @example caFile: 'certificates/company-ca.pem'
   * @change rolls the service
   */
  readonly caFile?: string;
  /**
   * For what is adopted as it is: at most one entry, which none of the others sets.
   * @default none
   * @example environment: { LEGACY_MODE: '1' }
   * @change rolls the service
   */
  readonly environment?: Readonly<Record<string, string>>;
  /**
   * What has to be done once before a new version rolls, such as a change of the schema: a command that runs as one task with
   * the new image, settings, secrets and networks, before any application rolls. Where it fails, nothing rolls. It runs for
   * each image and each command, and again where it was killed or the state was lost: it must be idempotent. The launcher runs
   * it as it runs `command`; without one it takes the place of the image's entrypoint ([more](jobs.md#a-migration)).
   * @default none
   * @example migrate: { command: ['alembic', 'upgrade', 'head'], timeout: Duration.minutes(30) }
   * @change restarts nothing; the next deploy runs it
   */
  readonly migrate?: MigrateSpec;
  /**
   * `false` runs the image's own entrypoint with `command` as its arguments: no settings, backends, variables or urls
   * then, and secrets are files under /run/secrets.
   * @default true
   * @example launcher: false
   * @change rolls the service
   */
  readonly launcher?: boolean;
  /**
   * Where it may run: a placement constraint.
   * @default anywhere
   * @example placement: 'node.labels.disk==ssd'
   * @change moves the tasks whose node does not fulfil it, the others stay
   */
  readonly placement?: string;
  /**
   * Volumes that all its replicas write. `backup: true`: its files are in the platform's backups, in environments that say
   * `backupTo`.
   * @default none
   * @example sharedVolumes: [{ name: 'uploads', target: '/app/uploads', backup: true }]
   * @change replaces the service, an outage that the plan refuses without ALLOW_DESTROY=1; `backup` alone restarts the
   * backup, which nobody waits for
   */
  readonly sharedVolumes?: readonly {
    readonly name: string;
    readonly target: string;
    readonly backup?: boolean;
  }[];
  /**
   * Whom its program runs as, in place of the image's USER. Secrets are readable for all users of the container.
   * @default the image's own, often root
   * @example user: '1000:1000'
   * @change rolls the service
   */
  readonly user?: string;
  /**
   * Linux capabilities that it gives up. A program behind nginx needs none, hardly ever; try it with
   * `./proctor doctor hardening <service>`.
   * @default none, which the rule least-privilege refuses
   * @example capDrop: ['ALL']
   * @change rolls the service
   */
  readonly capDrop?: readonly Capability[];
  /**
   * Those that it keeps of the ones it gives up. `ALL`, and what Docker gives nobody by itself, the rule least-privilege refuses
   * unless it is acknowledged.
   * @default none
   * @example capAdd: ['NET_BIND_SERVICE']
   * @change rolls the service
   */
  readonly capAdd?: readonly Capability[];
  /**
   * `true`: it can write to its volumes and `tmpfs` alone.
   * @default false
   * @example readOnlyRoot: true
   * @change rolls the service
   */
  readonly readOnlyRoot?: boolean;
  /**
   * Folders in memory, within its memory limit, empty in each new task. They have the mode of the image's folder: one that
   * is not there or is root's cannot be written by another user.
   * @default none
   * @example tmpfs: ['/tmp']
   * @change rolls the service
   */
  readonly tmpfs?: readonly string[];
  /**
   * How long it serves on after Docker has told it to stop, while nginx forgets it.
   * @default 6 s
   * @example drain: Duration.seconds(10)
   * @change rolls the service
   */
  readonly drain?: Duration;
  /**
   * How long requests in hand may then take; told to the image's command by the catalogue.
   * @default 30 s
   * @example gracefulTimeout: Duration.seconds(60)
   * @change rolls the service, unless stopGracePeriod is given
   */
  readonly gracefulTimeout?: Duration;
  /**
   * The signal on which its program stops in good order: QUIT for nginx and PHP-FPM, WINCH for Apache, USR1 for HAProxy, as
   * `docker image inspect -f '{{.Config.StopSignal}}' <image>` says (nothing is TERM). The launcher sends it after `drain`; a
   * program that ignores INT or QUIT gets TERM. With `launcher: false` it is what Docker sends.
   * @default 'TERM'; with `launcher: false` the image's own
   * @example stopSignal: 'QUIT'
   * @change rolls the service
   */
  readonly stopSignal?: 'TERM' | 'QUIT' | 'INT' | 'HUP' | 'USR1' | 'USR2' | 'WINCH';
  /**
   * How long a task may take to stop before it is killed.
   * @default drain + gracefulTimeout + 9 s
   * @example stopGracePeriod: Duration.seconds(90)
   * @change rolls the service
   */
  readonly stopGracePeriod?: Duration;
  /**
   * `dnsrr` resolves to the tasks' own addresses, `vip` to a virtual one, as an adopted stack has it.
   * @default 'dnsrr'
   * @example endpointMode: 'vip'
   * @change rolls the service
   */
  readonly endpointMode?: 'dnsrr' | 'vip';
}
