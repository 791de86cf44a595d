import { type Certificate, servedCertificate } from '../certificates/served';
import { type Connection, connect } from '../docker/connect';
import { explain } from '../docker/explain';
import type { Service, Task } from '../docker/snapshot';
import type { StatusArguments } from './arguments';
import { Kept } from './cache';
import { type NodeFigures, NodeShell } from './node-shell';

/** Docker's answers, in the API's own words, and the rest; what could not be had is absent. */
export interface Answers {
  readonly info: Info;
  readonly services: readonly Service[];
  readonly tasks: readonly Task[];
  /** Ids of tasks on their service's present specification. */
  readonly upToDate: ReadonlySet<string>;
  /** Of this node alone. */
  readonly containers: readonly ContainerSummary[];
  readonly nodes: readonly SwarmNode[];
  readonly usage?: Usage;
  readonly figures?: NodeFigures;
  readonly certificate: Certificate | { readonly error: string };
}

export interface Info {
  readonly Name: string;
  readonly DockerRootDir: string;
  readonly SystemTime: string;
  readonly NCPU: number;
  readonly MemTotal: number;
  readonly Swarm?: {
    readonly Cluster?: {
      readonly Spec?: { readonly Orchestration?: { readonly TaskHistoryRetentionLimit?: number } };
    };
  };
}

export interface ContainerSummary {
  readonly Labels: Readonly<Record<string, string>>;
  /** `Up 3 minutes (healthy)`. */
  readonly Status: string;
}

export interface SwarmNode {
  readonly ID: string;
  readonly Spec: { readonly Role: string; readonly Availability: string };
  readonly Description: {
    readonly Hostname: string;
    readonly Resources: { readonly NanoCPUs: number; readonly MemoryBytes: number };
  };
  readonly Status: { readonly State: string };
  readonly ManagerStatus?: { readonly Leader?: boolean };
}

export interface Usage {
  readonly LayersSize?: number;
  readonly Images?:
    | readonly { readonly Containers: number; readonly Size: number; readonly SharedSize: number }[]
    | null;
  readonly Containers?: readonly { readonly SizeRw?: number }[] | null;
  readonly Volumes?:
    | readonly { readonly Name: string; readonly UsageData?: { readonly Size: number } | null }[]
    | null;
  readonly BuildCache?: readonly { readonly Size: number }[] | null;
}

/** A connection that is cut does not say so; it is silent. */
const ANSWER_MS = 20_000;
/** Docker counts every file of every volume for it. */
const USAGE_MS = 10_000;
/** What hardly changes is asked again only after this time. */
const KEPT_MS = 60_000;

/** Asks the server everything that `status` shows. Over ssh it opens two channels, one to Docker and one to a shell, and keeps them. */
export class Gatherer {
  private connection: Connection;
  private readonly shell: NodeShell;
  private readonly usage = new Kept(KEPT_MS, () =>
    within(USAGE_MS, this.connection.docker.df() as Promise<Usage>).catch(() => undefined),
  );
  private readonly certificate = new Kept(KEPT_MS, () =>
    servedCertificate(this.wish.https).catch((error: Error) => ({ error: error.message })),
  );

  constructor(private readonly wish: Pick<StatusArguments, 'target' | 'stack' | 'https'>) {
    this.connection = connect(wish.target);
    this.shell = new NodeShell(wish.target);
  }

  /** @throws {ConnectionError} when the daemon cannot be asked */
  async look(): Promise<Answers> {
    const certificate = this.certificate.get();
    const { docker } = this.connection;
    // One after the other: side by side they would need an ssh connection each.
    const info = (await this.ask(() => docker.info())) as Info;
    const figures = this.shell.figures(info.Name, info.DockerRootDir);
    const label = [`com.docker.stack.namespace=${this.wish.stack}`];
    const services = (await this.ask(() =>
      docker.listServices({ filters: { label } }),
    )) as unknown as Service[];
    const filter = { service: services.map((service) => service.ID) };
    const tasksWhere = async (filters: object) =>
      services.length === 0
        ? []
        : ((await this.ask(() => docker.listTasks({ filters } as object))) as unknown as Task[]);
    const tasks = await tasksWhere(filter);
    const current = await tasksWhere({ ...filter, '_up-to-date': ['true'] });
    const containers = (await this.ask(() =>
      docker.listContainers({ filters: { label: ['com.docker.swarm.task.id'] } }),
    )) as unknown as ContainerSummary[];
    const nodes = (await this.ask(() => docker.listNodes())) as unknown as SwarmNode[];
    const usage = await this.usage.get();
    const measured = await figures;
    return {
      info,
      services,
      tasks,
      containers,
      nodes,
      certificate: await certificate,
      upToDate: new Set(current.map((task) => task.ID)),
      ...(usage ? { usage } : {}),
      ...(measured ? { figures: measured } : {}),
    };
  }

  /** After a lost connection: past a shared ssh connection, which may be the dead one. */
  reconnect(): void {
    this.connection.close();
    this.connection = connect({ ...this.wish.target, fresh: true });
    this.shell.reconnect();
  }

  close(): void {
    this.connection.close();
    this.shell.close();
  }

  private async ask<T>(request: () => Promise<T>): Promise<T> {
    try {
      return await within(ANSWER_MS, request());
    } catch (error) {
      throw explain(error, this.wish.target.host) ?? error;
    }
  }
}

async function within<T>(ms: number, answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer for ${ms / 1000} s`)), ms);
  });
  try {
    return await Promise.race([answer, silence]);
  } finally {
    clearTimeout(timer);
  }
}
