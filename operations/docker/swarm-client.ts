import { redactorOfEnvironment } from '../redact/environment';
import type { Redactor } from '../redact/redactor';
import type { Service, Task } from './answers';
import { type Docker, DockerClient, type DockerOptions } from './client';
import { type Evidence, evidenceOf } from './evidence';
import type { Snapshot } from './snapshot';

/** The Swarm as the watch sees it. Every call may throw a ConnectionError, or an error with Docker's `statusCode`. */
export interface Swarm {
  snapshot(service: string): Promise<Snapshot>;
  evidence(task: Task): Promise<Evidence>;
  /**
   * `docker service rollback`. Throws Docker's "out of sequence" when `seen` is not what there is any more: what somebody
   * else has just rolled back would go forward again.
   */
  rollBack(service: string, seen: Service): Promise<void>;
  /**
   * `docker service update` without any change, by which Swarm goes on with what it has paused. It overwrites the
   * previous specification, too. Throws as `rollBack` does.
   */
  resume(service: string, seen: Service): Promise<void>;
  /** Drops the connection; the next call makes a new one, past a shared ssh connection. */
  reconnect(): void;
}

/** Shorter than elsewhere: the watch asks again, on a new connection. */
const ANSWER_SECONDS = 20;

/** Which Swarm, and what is not to be shown of what its tasks say. */
export interface SwarmOptions extends DockerOptions {
  /** @default - knows the secrets in this process's environment, which is Terraform's where the gate runs */
  readonly redactor?: Redactor;
  /** Answers in place of the host, and the clock of this machine in milliseconds. @default - the host, and the real one */
  readonly simulated?: { readonly docker: Docker; readonly now: () => number };
}

export class SwarmClient implements Swarm {
  readonly docker: Docker;
  private readonly redactor: Redactor;
  private readonly now: () => number;
  /** Manager's clock minus ours. */
  private skew: number | undefined;

  constructor(options: SwarmOptions) {
    this.redactor = options.redactor ?? redactorOfEnvironment(process.env);
    this.docker =
      options.simulated?.docker ?? new DockerClient({ answerSeconds: ANSWER_SECONDS, ...options });
    this.now = options.simulated?.now ?? Date.now;
  }

  /** Of all of these services that there are, by name, in as many questions as one takes. */
  async snapshots(names: readonly string[]): Promise<ReadonlyMap<string, Snapshot>> {
    this.skew ??= await this.clockSkew();
    const services = (await this.docker.services()).filter(({ Spec }) => names.includes(Spec.Name ?? ''));
    if (services.length === 0) return new Map();
    const filter = { service: services.map(({ ID }) => ID) };
    const tasks = await this.docker.tasks(filter);
    const current = await this.docker.tasks({ ...filter, '_up-to-date': ['true'] });
    const upToDate = new Set(current.map(({ ID }) => ID));
    const now = this.now() + this.skew;
    return new Map(
      services.map((service) => {
        const own = tasks.filter(({ ServiceID }) => ServiceID === service.ID);
        const snapshot = { service, tasks: own.map((task) => this.hidden(task)), upToDate, now };
        return [service.Spec.Name ?? '', snapshot];
      }),
    );
  }

  async snapshot(name: string): Promise<Snapshot> {
    this.skew ??= await this.clockSkew();
    const service = await this.docker.service(name);
    const filter = { service: [service.ID] };
    const tasks = await this.docker.tasks(filter);
    // Swarm's own comparison, which the CLI's progress bar uses too; it ignores what does not restart a task.
    const current = await this.docker.tasks({ ...filter, '_up-to-date': ['true'] });
    return {
      service,
      tasks: tasks.map((task) => this.hidden(task)),
      upToDate: new Set(current.map((task) => task.ID)),
      now: this.now() + this.skew,
    };
  }

  evidence(task: Task): Promise<Evidence> {
    return evidenceOf(this.docker, task, this.redactor);
  }

  rollBack(name: string, { Version, Spec }: Service): Promise<void> {
    return this.docker.updateService(name, Version.Index, Spec, 'previous');
  }

  resume(name: string, { Version, Spec }: Service): Promise<void> {
    return this.docker.updateService(name, Version.Index, Spec);
  }

  reconnect(): void {
    this.docker.reconnect();
    this.skew = undefined;
  }

  close(): void {
    this.docker.close();
  }

  /** A task's error quotes what could not be started, arguments and all. */
  private hidden(task: Task): Task {
    const { Err, Message } = task.Status;
    return {
      ...task,
      Status: {
        ...task.Status,
        ...(Err ? { Err: this.redactor.show(Err) } : {}),
        ...(Message ? { Message: this.redactor.show(Message) } : {}),
      },
    };
  }

  private async clockSkew(): Promise<number> {
    const now = await this.docker.clock();
    return now === undefined ? 0 : now - this.now();
  }
}
