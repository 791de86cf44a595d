import type Dockerode from 'dockerode';
import { JOB_LABEL } from '../../contract/job';
import { harmless } from '../terminal/untrusted';
import type {
  Container,
  ContainerSummary,
  Distribution,
  ImageSummary,
  Info,
  Network,
  Service,
  ServiceSpec,
  SwarmNode,
  SwarmObject,
  Task,
  Usage,
  Volume,
} from './answers';
import { type Connection, type ConnectOptions, connect } from './connect';
import { execInTask, type TaskCommand, type TaskCommandResult } from './exec';
import { explain } from './explain';
import { type LogPart, type LogSink, readDate, readLog, streamLog } from './streams';
import { readFile, writeFile } from './volume/archive';
import { holdsFiles, readVolume } from './volume/read-volume';
import { NoAnswer, within } from './within';

export interface DockerOptions extends ConnectOptions {
  /** Seconds to wait for an answer. @default 60 */
  readonly answerSeconds?: number;
  /** What errors call it. @default - `host` */
  readonly name?: string;
}

/** A config or a secret to be made. */
export interface NewConfig {
  readonly Name: string;
  readonly Labels: Readonly<Record<string, string>>;
  /** Base64. */
  readonly Data: string;
}

/** How much of a log is asked for. */
export interface LogBounds {
  /** In seconds since 1970, by the server's clock. @default its beginning */
  readonly since?: number;
  /** After so many it is left, and its end with it. @default none */
  readonly bytes?: number;
  /** So many of its end are kept, however many come. @default all */
  readonly lastBytes?: number;
  /** @default as every call */
  readonly seconds?: number;
}

/** For each key, values of which one must match. */
export type Filters = Readonly<Record<string, readonly string[]>>;

/** Longer than any answer but logs and commands takes, even of a busy daemon. */
const ANSWER_SECONDS = 60;

/**
 * The Docker API of one host, in Docker's own words.
 *
 * Every call rejects with a ConnectionError, a silent daemon's included, or, where the daemon did answer, with an error
 * that has Docker's `statusCode`.
 */
export class DockerClient {
  private connection: Connection;
  private underWay = 0;
  private failed = false;

  constructor(private readonly options: DockerOptions) {
    this.connection = connect(options);
  }

  /** Without jobs, which are no part of what is deployed. */
  async services(filters?: Filters): Promise<Service[]> {
    const all = await this.ask<Service[]>((docker) => docker.listServices(where(filters)));
    return all.filter(({ Spec }) => Spec?.Labels?.[JOB_LABEL] === undefined);
  }

  /** Services that are jobs: see `contract/job.ts`. */
  jobs(): Promise<Service[]> {
    return this.ask((docker) => docker.listServices(where({ label: [JOB_LABEL] })));
  }

  /** @param id or name */
  service(id: string): Promise<Service> {
    return this.ask((docker) => docker.getService(id).inspect());
  }

  /**
   * Writes a service's specification, or takes it back to the previous one.
   *
   * @param version that it was made from; Docker refuses ("out of sequence") when it is not what there is any more
   */
  updateService(id: string, version: number, spec: ServiceSpec, rollback?: 'previous'): Promise<void> {
    // Query and body apart, or dockerode writes all of the specification into the URL.
    const request = { ...spec, _query: { version, ...(rollback ? { rollback } : {}) }, _body: spec };
    // Given up late, whoever asks: what became of it would not be known.
    return this.ask((docker) => docker.getService(id).update(request), ANSWER_SECONDS);
  }

  /**
   * @param login to the image's registry, for nodes that have to pull it
   * @returns its ID
   */
  createService(spec: ServiceSpec, login?: object): Promise<string> {
    return this.ask<{ readonly id?: string; readonly ID?: string }>((docker) =>
      docker.createService(login as Dockerode.AuthConfig, spec as never as Dockerode.ServiceSpec),
    ).then(({ id, ID }) => id ?? ID ?? '');
  }

  removeService(id: string): Promise<void> {
    return this.ask((docker) => docker.getService(id).remove());
  }

  tasks(filters?: Filters): Promise<Task[]> {
    return this.ask((docker) => docker.listTasks(where(filters)));
  }

  nodes(): Promise<SwarmNode[]> {
    return this.ask((docker) => docker.listNodes());
  }

  node(id: string): Promise<SwarmNode> {
    return this.ask((docker) => docker.getNode(id).inspect());
  }

  /** @param version that it was made from; Docker refuses ("out of sequence") when it is not what there is any more */
  updateNode(id: string, version: number, spec: SwarmNode['Spec']): Promise<void> {
    const request = { ...spec, _query: { version }, _body: spec };
    return this.ask<unknown>((docker) => docker.getNode(id).update(request)).then(() => undefined);
  }

  secrets(): Promise<SwarmObject[]> {
    return this.ask((docker) => docker.listSecrets());
  }

  /** @returns its ID */
  createSecret(spec: NewConfig): Promise<string> {
    return this.ask<{ readonly id?: string; readonly ID?: string }>((docker) =>
      docker.createSecret(spec as never),
    ).then(({ id, ID }) => id ?? ID ?? '');
  }

  removeSecret(id: string): Promise<void> {
    return this.ask((docker) => docker.getSecret(id).remove());
  }

  /** With their contents, records of releases among them: who wants only some says which. */
  configs(filters?: Filters): Promise<SwarmObject[]> {
    return this.ask((docker) => docker.listConfigs(where(filters)));
  }

  /** @throws with the status 409 where the name is taken */
  createConfig(spec: NewConfig): Promise<void> {
    return this.ask<unknown>((docker) => docker.createConfig(spec as never)).then(() => undefined);
  }

  /**
   * Gives a config other labels, which is all that Docker lets be changed of one.
   *
   * @param version that it was made from; Docker refuses ("out of sequence") when it is not what there is any more
   */
  updateConfig(id: string, version: number, spec: SwarmObject['Spec']): Promise<void> {
    const request = { ...spec, _query: { version }, _body: spec };
    return this.ask<unknown>((docker) => docker.getConfig(id).update(request)).then(() => undefined);
  }

  removeConfig(id: string): Promise<void> {
    return this.ask((docker) => docker.getConfig(id).remove());
  }

  networks(): Promise<Network[]> {
    return this.ask((docker) => docker.listNetworks());
  }

  /** Those of this node. */
  volumes(): Promise<Volume[]> {
    return this.ask<{ readonly Volumes?: Volume[] | null }>((docker) => docker.listVolumes()).then(
      ({ Volumes }) => Volumes ?? [],
    );
  }

  /** Small files of a volume of this node, by name; undefined where that cannot be looked at for want of an image. */
  filesIn(
    volume: string,
    names: readonly string[],
  ): Promise<ReadonlyMap<string, string | undefined> | undefined> {
    return this.ask((docker) => readVolume(docker, volume, names));
  }

  /** Whether a volume of this node has files; undefined where that cannot be looked at for want of an image. */
  holdsFiles(volume: string): Promise<boolean | undefined> {
    return this.ask((docker) => holdsFiles(docker, volume));
  }

  /** A small file of a container of this node; undefined where the container is there, and the file is not. */
  fileIn(containerId: string, path: string): Promise<string | undefined> {
    return this.ask((docker) => readFile(docker.getContainer(containerId), path));
  }

  /** Puts a small file into a folder of a container of this node; into one of a volume where its root is read-only. */
  putFile(
    containerId: string,
    folder: string,
    file: { readonly name: string; readonly content: string },
  ): Promise<void> {
    return this.ask((docker) => writeFile(docker.getContainer(containerId), folder, file));
  }

  /** Those that run on this node. */
  containers(filters?: Filters): Promise<ContainerSummary[]> {
    return this.ask((docker) => docker.listContainers(where(filters)));
  }

  /** The same with those that have ended. */
  everyContainer(): Promise<ContainerSummary[]> {
    return this.ask((docker) => docker.listContainers({ all: true }));
  }

  /** One that has ended. */
  removeContainer(id: string): Promise<void> {
    return this.ask((docker) => docker.getContainer(id).remove());
  }

  /** Those of this node. */
  images(): Promise<ImageSummary[]> {
    return this.ask((docker) => docker.listImages());
  }

  /** One of an image's names, or its id; with the last of them it goes. Docker refuses where a container uses it. */
  removeImage(reference: string): Promise<void> {
    return this.ask<unknown>((docker) => docker.getImage(reference).remove()).then(() => undefined);
  }

  container(id: string): Promise<Container> {
    return this.ask((docker) => docker.getContainer(id).inspect());
  }

  info(): Promise<Info> {
    return this.ask((docker) => docker.info());
  }

  /** `docker system df`, for which Docker counts every file of every volume. */
  systemDf(seconds?: number): Promise<Usage> {
    return this.ask((docker) => docker.df(), seconds);
  }

  ping(): Promise<void> {
    return this.ask((docker) => docker.ping());
  }

  /** The daemon's clock in milliseconds; undefined where it does not say. */
  clock(): Promise<number | undefined> {
    return this.ask(readDate);
  }

  /** The last lines of a task's log, on whatever node; both streams in one, so that the lines keep their order. */
  taskLog(id: string, tail: number, { seconds, ...bounds }: LogBounds = {}): Promise<string> {
    const stop = new AbortController();
    // A log that is given up must not hold the connection.
    const log = this.ask<string>((docker) => readLog(docker, id, { tail, ...bounds }, stop.signal), seconds);
    return log.finally(() => stop.abort());
  }

  /**
   * What a task says, on whatever node, message by message, each with its time.
   *
   * @throws as every call does, where the connection breaks before the end, and where Docker says that it cannot give the log
   */
  async streamLog(id: string, sink: LogSink, part: LogPart): Promise<void> {
    try {
      await streamLog(this.connection.docker, id, sink, part);
    } catch (error) {
      throw this.inWords(error);
    }
  }

  /** Sends a signal to a container of this node. */
  signalContainer(id: string, signal: string): Promise<void> {
    return this.ask<unknown>((docker) => docker.getContainer(id).kill({ signal })).then(() => undefined);
  }

  /**
   * Asks an image's registry for it, as a pull would: with the daemon's network, proxy and trust.
   *
   * @throws an error with a `statusCode` and the registry's own words; {NoAnswer} when the registry is silent
   */
  async distribution(image: string, login: object = {}): Promise<Distribution> {
    const options = { authconfig: login };
    try {
      return (await this.limited((docker) => docker.getImage(image).distribution(options))) as Distribution;
    } catch (error) {
      // With a status it is the registry that has a deadline, or denies a permission, and not the daemon.
      throw hasStatus(error) || error instanceof NoAnswer ? error : this.inWords(error);
    }
  }

  /**
   * Runs a command in a container of this node, as `docker exec -i` does.
   *
   * @throws as every call does, and when the command takes too long or its end is not seen; one that fails is a result
   */
  exec(command: TaskCommand): Promise<TaskCommandResult> {
    return execInTask(this.connection.docker, command, {
      ask: (request) => this.ask(request),
      inWords: (error) => this.inWords(error),
    });
  }

  /** Drops the connection; the next call makes a new one, past a shared ssh connection, which may be the dead one. */
  reconnect(): void {
    this.close();
    this.connection = connect({ ...this.options, fresh: true });
  }

  /** Ends the connection and the ssh process under it, unless it is kept for others. Requests still under way fail. */
  close(): void {
    this.connection.close(this.failed || this.underWay > 0);
  }

  /** The one place where Docker's JSON gets a type. */
  private async ask<T>(request: Request, seconds?: number): Promise<T> {
    try {
      return (await this.limited(request, seconds)) as T;
    } catch (error) {
      throw this.inWords(error);
    }
  }

  private limited(request: Request, seconds?: number): Promise<unknown> {
    this.underWay += 1;
    const { ready, docker } = this.connection;
    const answer = ready()
      .then(() => request(docker))
      .finally(() => {
        this.underWay -= 1;
      });
    return within(answer, seconds ?? this.options.answerSeconds ?? ANSWER_SECONDS);
  }

  private inWords(error: unknown): unknown {
    const problem = explain(error, this.options.name ?? this.options.host);
    if (problem) this.failed = true;
    return problem ?? defused(error);
  }
}

/** What a DockerClient does, for those that stand in for one. */
export type Docker = Pick<DockerClient, keyof DockerClient>;

/** Docker repeats what a registry, a plugin or a program says, wherever its error is shown. */
function defused(error: unknown): unknown {
  if (error instanceof Error) error.message = harmless(error.message);
  return error;
}

type Request = (docker: Dockerode) => Promise<unknown>;

const where = (filters: Filters | undefined) => (filters ? { filters: JSON.stringify(filters) } : {});

const hasStatus = (error: unknown): boolean => (error as { statusCode?: number }).statusCode !== undefined;

/** Opens a client for some work, and closes it whatever comes of that. */
export async function withDocker<T>(
  options: DockerOptions,
  work: (docker: DockerClient) => Promise<T>,
): Promise<T> {
  const docker = new DockerClient(options);
  try {
    return await work(docker);
  } finally {
    docker.close();
  }
}
