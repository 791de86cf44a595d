import { redactorOfEnvironment } from '../redact/environment';
import type { Redactor } from '../redact/redactor';
import { type Connection, connect } from './connect';
import { type Evidence, evidenceOf } from './evidence';
import { type ConnectionError, explain } from './explain';
import type { Service, Snapshot, Task } from './snapshot';
import { within } from './within';

/** The Swarm as the watch sees it. Every call may throw a ConnectionError, or an error with Docker's `statusCode`. */
export interface Swarm {
  snapshot(service: string): Promise<Snapshot>;
  evidence(task: Task): Promise<Evidence>;
  /** `docker service rollback`. */
  rollBack(service: string): Promise<void>;
  /**
   * `docker service update` without any change, by which Swarm goes on with what it has paused. It overwrites the
   * previous specification, too. Throws Docker's "out of sequence" when `seen` is not what there is any more.
   */
  resume(service: string, seen: Service): Promise<void>;
  /** Drops the connection; the next call makes a new one, past a shared ssh connection. */
  reconnect(): void;
}

/** Shorter than elsewhere: the watch asks again, on a new connection. */
const ANSWER_SECONDS = 20;

/** Which Swarm, and what is not to be shown of what its tasks say. */
export interface Target {
  readonly host: string;
  readonly sshOptions?: readonly string[];
  /** @default - knows the secrets in this process's environment, which is Terraform's where the gate runs */
  readonly redactor?: Redactor;
}

export class SwarmClient implements Swarm {
  private connection: Connection;
  /** Manager's clock minus ours. */
  private skew: number | undefined;

  private readonly redactor: Redactor;

  constructor(private readonly target: Target) {
    this.redactor = target.redactor ?? redactorOfEnvironment(process.env);
    this.connection = connect(target);
  }

  get docker(): Connection['docker'] {
    return this.connection.docker;
  }

  snapshot(service: string): Promise<Snapshot> {
    return this.ask(async () => {
      this.skew ??= await this.clockSkew();
      const inspected = (await this.docker.getService(service).inspect()) as Service;
      const filter = { service: [inspected.ID] };
      const tasks = (await this.docker.listTasks({ filters: filter })) as unknown as Task[];
      // Swarm's own comparison, which the CLI's progress bar uses too; it ignores what does not restart a task.
      const current = (await this.docker.listTasks({
        filters: { ...filter, '_up-to-date': ['true'] },
      } as object)) as unknown as Task[];
      const upToDate = new Set(current.map((task) => task.ID));
      return {
        service: inspected,
        tasks: tasks.map((task) => this.hidden(task)),
        upToDate,
        now: Date.now() + this.skew,
      };
    });
  }

  evidence(task: Task): Promise<Evidence> {
    return this.ask(() => evidenceOf(this.docker, task, this.redactor));
  }

  rollBack(service: string): Promise<void> {
    return this.ask(async () => {
      const handle = this.docker.getService(service);
      const { Version, Spec } = await handle.inspect();
      await handle.update({ ...Spec, _query: { version: Version.Index, rollback: 'previous' }, _body: Spec });
    });
  }

  resume(service: string, seen: Service): Promise<void> {
    return this.ask(async () => {
      const { Version, Spec } = seen;
      await this.docker
        .getService(service)
        .update({ ...Spec, _query: { version: Version.Index }, _body: Spec } as never);
    });
  }

  services(filters: Record<string, string[]>): Promise<Service[]> {
    return this.ask(async () => (await this.docker.listServices({ filters })) as unknown as Service[]);
  }

  /** Secrets and configs. */
  objects(): Promise<{ readonly ID: string }[]> {
    return this.ask(async () => {
      const [secrets, configs] = [await this.docker.listSecrets(), await this.docker.listConfigs()];
      return [...secrets, ...configs].map(({ ID }) => ({ ID: ID as string }));
    });
  }

  reconnect(): void {
    this.connection.close();
    this.connection = connect({ ...this.target, fresh: true });
    this.skew = undefined;
  }

  close(): void {
    this.connection.close();
  }

  /** A task's error quotes what could not be started, arguments and all. */
  private hidden(task: Task): Task {
    const { Err, Message } = task.Status;
    return {
      ...task,
      Status: {
        ...task.Status,
        ...(Err ? { Err: this.redactor.hide(Err) } : {}),
        ...(Message ? { Message: this.redactor.hide(Message) } : {}),
      },
    };
  }

  private async clockSkew(): Promise<number> {
    const headers = await new Promise<Record<string, string>>((resolve, reject) => {
      this.docker.modem.dial(
        { path: '/_ping', method: 'GET', isStream: true, statusCodes: { 200: true, 500: 'server error' } },
        (error: unknown, answer: unknown) => {
          if (error) return reject(error);
          const response = answer as { headers: Record<string, string>; resume(): void };
          response.resume();
          resolve(response.headers);
        },
      );
    });
    const date = Date.parse(headers.date ?? '');
    return Number.isNaN(date) ? 0 : date - Date.now();
  }

  private async ask<T>(request: () => Promise<T>): Promise<T> {
    try {
      return await within(request(), ANSWER_SECONDS);
    } catch (error) {
      const inWords: ConnectionError | undefined = explain(error, this.target.host);
      throw inWords ?? error;
    }
  }
}
