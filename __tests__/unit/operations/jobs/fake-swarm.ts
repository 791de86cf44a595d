import type { Service, ServiceSpec, Task } from '../../../../operations/docker/answers';
import type { Docker } from '../../../../operations/docker/client';
import { ConnectionError } from '../../../../operations/docker/explain';
import type { LogPart, LogSink } from '../../../../operations/docker/streams';

type State = Task['Status'];

const BEGIN = 1_000_000;

/** A Swarm of one node with jobs alone, whose only clock is the polling of who watches. */
export class FakeSwarm {
  readonly services: Service[] = [];
  readonly said: string[] = [];
  /** Tasks of jobs that are not there any more. */
  readonly forgotten: string[] = [];
  now = BEGIN;
  /** What the task of the job that is made next goes through, one at each look. */
  script: State[] = [];
  /** So many answers in a row about tasks are from before there was one. */
  old = 0;
  /** How many questions in a row get no answer. */
  cut = 0;
  log = '';
  /** After so many lines of a log that is asked for its connection breaks; one for each time. */
  breaks: number[] = [];
  /** So long a line of the log is under way, unless it is followed. */
  lineMs = 0;
  private readonly followers = new Set<Follower>();
  /** Its only node, in Docker's word. */
  nodeState = 'ready';
  nodeAsked = 0;
  private readonly tasksOf = new Map<string, Task[]>();

  readonly clock = {
    now: () => this.now,
    sleep: async (milliseconds: number) => {
      this.now += milliseconds;
    },
  };

  /** The clock, and what happens when so many seconds are over. */
  clockWith = (events: Readonly<Record<number, () => void>>) => ({
    now: this.clock.now,
    sleep: async (milliseconds: number) => {
      await this.clock.sleep(milliseconds);
      events[(this.now - BEGIN) / 1000]?.();
    },
  });

  /** One that is there already. */
  add(spec: ServiceSpec, ...states: State[]): string {
    const ID = `s${this.services.length + 1}-${spec.Name}`;
    const at = new Date(this.now).toISOString();
    this.services.push({ ID, Version: { Index: 1 }, CreatedAt: at, UpdatedAt: at, Spec: spec });
    this.tasksOf.set(
      ID,
      states.map((Status, index) => ({
        ID: `${ID}-t${index}`,
        ServiceID: ID,
        CreatedAt: at,
        UpdatedAt: at,
        NodeID: 'n1',
        DesiredState: 'complete',
        Spec: spec.TaskTemplate,
        Status,
      })),
    );
    return ID;
  }

  readonly docker: Docker = new Proxy({} as Docker, {
    get: (_, name: string) => this.calls[name as keyof typeof this.calls] ?? this.unknown(name),
  });

  private readonly calls = {
    clock: async () => this.now,
    jobs: async () => this.answer(() => [...this.services]),
    info: async () => ({ Swarm: { NodeID: 'n1' } }),
    node: async () => {
      this.nodeAsked += 1;
      return { Description: { Hostname: 'one' }, Status: { State: this.nodeState } };
    },
    reconnect: () => {
      this.said.push('reconnect');
      // It is the connection of the log as well.
      for (const follower of this.followers) follower.fail(broken());
    },
    createService: async (spec: ServiceSpec) => {
      this.said.push(`create ${spec.Name}`);
      if (this.services.some((other) => other.Spec.Name === spec.Name))
        throw Object.assign(new Error('name conflicts with an existing object'), { statusCode: 409 });
      return this.add(spec, ...this.script.splice(0, 1));
    },
    service: async (id: string) => {
      const found = this.services.find(({ ID }) => ID === id);
      if (!found) throw Object.assign(new Error('no such service'), { statusCode: 404 });
      return found;
    },
    updateService: async (id: string, version: number, spec: ServiceSpec) => {
      const at = this.services.findIndex(({ ID }) => ID === id);
      if (this.services[at]?.Version.Index !== version) throw new Error('update out of sequence');
      this.said.push(`stop ${spec.Name}`);
      this.services[at] = { ...this.services[at]!, Version: { Index: version + 1 }, Spec: spec };
      if (JSON.stringify(spec.Mode) === '{"ReplicatedJob":{"MaxConcurrent":0,"TotalCompletions":0}}')
        // Docker 20.10 keeps what failed, and its container.
        this.tasksOf.set(
          id,
          (this.tasksOf.get(id) ?? []).filter(({ Status }) => Status.State === 'failed'),
        );
    },
    removeService: async (id: string) => {
      const at = this.services.findIndex(({ ID }) => ID === id);
      if (at < 0) throw Object.assign(new Error('no such service'), { statusCode: 404 });
      this.said.push(`remove ${this.services[at]!.Spec.Name}`);
      this.services.splice(at, 1);
      // As Docker 20.10 does it.
      for (const { Status } of this.tasksOf.get(id) ?? [])
        this.forgotten.push(`${Status.ContainerStatus?.ContainerID} ${Status.State}`);
      this.tasksOf.delete(id);
    },
    tasks: async (filters: { service?: readonly string[] }) =>
      this.answer(() => {
        const [id = ''] = filters.service ?? [];
        const tasks = this.tasksOf.get(id) ?? [];
        const found = [...tasks];
        if (this.old > 0) {
          this.old -= 1;
          return [];
        }
        const next = this.script.shift();
        if (next && tasks[0]) tasks[0] = { ...tasks[0], Status: next };
        return found;
      }),
    removeContainer: async (id: string) => {
      const at = this.forgotten.indexOf(`${id} failed`);
      if (at < 0) throw Object.assign(new Error('no such container'), { statusCode: 404 });
      this.forgotten.splice(at, 1);
    },
    taskLog: async () => this.log,
    container: async () => ({}),
    streamLog: async (_id: string, sink: LogSink, { since = 0, follow, signal }: LogPart) => {
      const left = this.breaks.shift() ?? Number.POSITIVE_INFINITY;
      let [told, read] = [0, 0];
      const tell = (until = Number.POSITIVE_INFINITY) => {
        for (const line of linesOf(this.log).slice(read, until)) {
          const at = timeOf(read);
          read += 1;
          if (at < since * 1000) continue;
          if (told === left) throw broken();
          told += 1;
          sink.stdout(Buffer.from(line), `${new Date(at).toISOString().slice(0, -1)}000000Z`);
        }
      };
      if (follow) return this.followed(tell, signal);
      while (read < linesOf(this.log).length && !signal.aborted) {
        if (timeOf(read) >= since * 1000) await this.clock.sleep(this.lineMs);
        tell(read + 1);
      }
    },
    signalContainer: async (id: string, signal: string) => {
      this.said.push(`${signal} to ${id}`);
    },
  };

  /** Its program says more. */
  say(text: string): void {
    this.log += text;
    for (const follower of this.followers) follower.tell();
  }

  /** As Swarm does it: to no end of its own. */
  private followed(tell: () => void, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const follower: Follower = {
        tell: () => {
          try {
            tell();
          } catch (error) {
            follower.fail(error);
          }
        },
        fail: (error) => {
          this.followers.delete(follower);
          reject(error);
        },
      };
      this.followers.add(follower);
      signal.addEventListener('abort', () => {
        this.followers.delete(follower);
        resolve();
      });
      follower.tell();
    });
  }

  private answer<T>(give: () => T): T {
    if (this.cut > 0) {
      this.cut -= 1;
      throw broken();
    }
    return give();
  }

  private unknown(name: string): never {
    throw new Error(`nobody told the fake what ${name} says`);
  }
}

interface Follower {
  tell(): void;
  fail(error: unknown): void;
}

const broken = () => new ConnectionError('unreachable', 'cut', 'mend it');

const linesOf = (log: string): string[] => log.match(/[^\n]*\n|[^\n]+/g) ?? [];

/** Of a log's line: two at the same moment, as parts of a long one are. */
const timeOf = (line: number): number => BEGIN + Math.floor(line / 2) * 1000;

/** A task's state in Docker's words. */
export const state = (State: string, exit?: number, Err?: string): State => ({
  Timestamp: '',
  State,
  ...(Err ? { Err } : {}),
  ...(exit === undefined ? {} : { ContainerStatus: { ContainerID: 'c1', ExitCode: exit } }),
});
