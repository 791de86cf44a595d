import type { RuleName } from '../../rules';
import type { Resources } from '../../swarm';
import type { Capability, Duration } from '../../units';

/** A command that runs at the times of a schedule, beside everything else. What it runs in is a service's or its own image. */
export interface JobSpec<Secret extends string, Variable extends string, Service extends string> {
  /**
   * The service whose image, settings, secrets, backends, volumes and rights it has. Either this or `image`.
   * @default none
   * @example service: 'userservice'
   * @change restarts the job, which runs again at once if it was running
   */
  readonly service?: Service;
  /**
   * An image of its own, `repository:tag`; its digest is in images.lock.json. It needs a shell and what Debian, Alpine or
   * busybox have beside it. Either this or `service`.
   * @default none
   * @example image: 'alpine:3.22'
   * @change restarts the job, which runs again at once if it was running
   */
  readonly image?: string;
  /**
   * What runs, program and arguments, without a shell.
   * @example command: ['python', '-m', 'app.tidy_up']
   * @change restarts the job, which runs again at once if it was running
   */
  readonly command: readonly string[];
  /**
   * When, as cron has it: minute, hour, day, month, weekday.
   * @example schedule: '30 3 * * *'
   * @change restarts the job, which runs again at once if it was running
   */
  readonly schedule: string;
  /**
   * The time zone of the schedule. A time that the clocks jump over runs at the end of the jump; one that comes twice runs once
   * ([more](jobs.md#a-schedule)).
   * @default 'UTC'
   * @example timeZone: 'Europe/Berlin'
   * @change restarts the job, which runs again at once if it was running
   */
  readonly timeZone?: string;
  /**
   * How long one try may take; then it is stopped, and has failed.
   * @default 1 hour
   * @example timeout: Duration.minutes(20)
   * @change restarts the job, which runs again at once if it was running
   */
  readonly timeout?: Duration;
  /**
   * What becomes of a time that comes while it is running: it is left out, or made up for once, at the end.
   * @default 'skip'
   * @example overlap: 'queue'
   * @change restarts the job, which runs again at once if it was running
   */
  readonly overlap?: 'skip' | 'queue';
  /**
   * How many further tries one that fails gets: after 30 s, then after twice as long each time.
   * @default 0
   * @example retries: 2
   * @change restarts the job, which runs again at once if it was running
   */
  readonly retries?: number;
  /**
   * Environment variables; with `service` beside those of the service, which win.
   * @default none
   * @example settings: { KEEP_DAYS: '30' }
   * @change restarts the job, which runs again at once if it was running
   */
  readonly settings?: Readonly<Record<string, string>>;
  /**
   * Environment variables that take a secret's value, with `image`; in upper case, or files alone as those of a service.
   * @default none
   * @example secrets: { TOKEN: 'report_token' }
   * @change restarts the job, which runs again at once if it was running
   */
  readonly secrets?: Readonly<Record<string, Secret>>;
  /**
   * Environment variables that take a variable's value, with `image`.
   * @default none
   * @example variables: { SMTP_HOST: 'smtp_host' }
   * @change restarts the job, which runs again at once if it was running
   */
  readonly variables?: Readonly<Record<string, Variable>>;
  /**
   * What it may use at most while it runs. It keeps little free while it waits.
   * @default those of the service; required with `image`
   * @example limits: { cpus: Cpu.cores(0.5), memory: Memory.mebibytes(256) }
   * @change restarts the job, which runs again at once if it was running
   */
  readonly limits?: Resources;
  /**
   * Where it may run, a placement constraint. Its memory of what ran is a volume there.
   * @default that of the service
   * @example placement: 'node.role==manager'
   * @change moves it, if its node does not fulfil it
   */
  readonly placement?: string;
  /**
   * Whom it runs as, with `image`.
   * @default the image's own, or the service's
   * @example user: '1000:1000'
   * @change restarts the job, which runs again at once if it was running
   */
  readonly user?: string;
  /**
   * Capabilities that it keeps; it gives up all others.
   * @default none, or the service's
   * @example capAdd: ['CHOWN']
   * @change restarts the job, which runs again at once if it was running
   */
  readonly capAdd?: readonly Capability[];
  /**
   * Rules that this job breaks on purpose, each with the reason; the plan prints it.
   * @default none, or the service's
   * @example acknowledge: { 'no-secret-in-settings': 'the word is a name, no password' }
   * @change restarts nothing
   */
  readonly acknowledge?: Readonly<Partial<Record<RuleName, string>>>;
}
