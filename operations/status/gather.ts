import { type BackupFacts, gatherBackup } from '../backup/facts';
import { type Certificate, servedCertificate } from '../certificates/served';
import type { ContainerSummary, Info, Service, SwarmNode, Task, Usage } from '../docker/answers';
import { DockerClient, type Filters } from '../docker/client';
import { readOnHost } from '../docker/on-host';
import { gatherPublicName, ipv6Words } from '../entrance/public-name';
import type { Identity } from '../place/identity';
import { lookForIdentities } from '../place/look';
import { type Marker, readMarkers } from '../place/marker';
import { dataFolders } from '../preflight/data-folders';
import { type Absent, sortAbsent } from '../records/absent';
import { type DeployLock, readLock } from '../records/lock';
import { readReleases } from '../records/store';
import { askExisting, type ExistingObject } from '../stack/existing';
import { strangersOf } from '../stack/strangers';
import { Kept } from './cache';
import { askJobs, type JobStatus } from './jobs';
import { type NodeFigures, NodeShell } from './node-shell';
import type { StatusOptions } from './options';
import { askRefused, type Refused } from './refused';
import { gatherUpkeep, type Upkeep } from './upkeep';

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
  /** Where services with data have it. */
  readonly markers?: ReadonlyMap<string, Marker>;
  /** Whether it is the same data still, of those that run on the node that answers. */
  readonly identities?: ReadonlyMap<string, Identity>;
  /** What the catalogue has and the server has not. @default nobody knows what is declared */
  readonly absent?: Absent;
  /** What carries the stack's name and is in no catalogue. */
  readonly strangers: readonly ExistingObject[];
  readonly usage?: Usage;
  readonly figures?: NodeFigures;
  /** Why there are none, where it is not for want of a shell. */
  readonly unmeasured?: string;
  readonly upkeep?: Upkeep;
  readonly refused?: Refused;
  /** Those that wait for their times. */
  readonly jobs: readonly JobStatus[];
  /** Who keeps everybody from deploying. */
  readonly lock?: DeployLock;
  /** Absent where the catalogue has no backups. */
  readonly backup?: BackupFacts;
  /** How clients come who share one address, in words. */
  readonly sixth?: string;
  readonly certificate: Certificate | { readonly error: string };
}

type Folders = Awaited<ReturnType<typeof dataFolders>>;

/** A connection that is cut does not say so; it is silent. */
const ANSWER_SECONDS = 20;
/** Docker counts every file of every volume for it. */
const USAGE_SECONDS = 10;
/** What hardly changes is asked again only after this time. */
const KEPT_MS = 60_000;

/** A repository far away is asked for it. */
const BACKUP_KEPT_MS = 300_000;

/** The server counts packages for it. */
const UPKEEP_KEPT_MS = 600_000;

/** Asks the server everything that `status` shows. Over ssh it opens two channels, one to Docker and one to a shell, and keeps them. */
export class Gatherer {
  private readonly docker: DockerClient;
  private readonly shell: NodeShell;
  private readonly usage = new Kept(KEPT_MS, () =>
    this.docker.systemDf(USAGE_SECONDS).catch(() => undefined),
  );
  private readonly certificate = new Kept(KEPT_MS, () =>
    servedCertificate(this.wish.https).catch((error: Error) => ({ error: error.message })),
  );

  private name = '';
  private readonly upkeep = new Kept(UPKEEP_KEPT_MS, () =>
    gatherUpkeep(this.wish.target, this.name).catch(() => undefined),
  );

  /** Whose logs are read. */
  private writers: Parameters<typeof askRefused>[1] | undefined;
  private readonly refused = new Kept(KEPT_MS, async () =>
    this.writers ? askRefused(this.docker, this.writers) : undefined,
  );
  private readonly jobs = new Kept(KEPT_MS, async () =>
    this.writers ? askJobs(this.docker, this.writers) : [],
  );
  private readonly releases = new Kept(KEPT_MS, () => readReleases(this.docker, this.wish.stack));
  private withData: Parameters<typeof lookForIdentities>[1] | undefined;
  private readonly identities = new Kept(KEPT_MS, async () =>
    this.withData ? lookForIdentities(this.docker, this.withData) : undefined,
  );
  private readonly backup = new Kept(BACKUP_KEPT_MS, async () => {
    const { backup } = this.wish;
    return backup && gatherBackup(this.docker, backup.service);
  });
  private readonly sixth = new Kept(UPKEEP_KEPT_MS, async () => {
    const { https, front } = this.wish;
    const found = await gatherPublicName(https.serverName ?? https.host, []);
    return found && ipv6Words(found, front);
  });

  /** Where the disks are; found once. */
  private folders: Folders | undefined;

  constructor(
    private readonly wish: Pick<
      StatusOptions,
      'target' | 'stack' | 'https' | 'declared' | 'front' | 'backup'
    >,
  ) {
    this.docker = new DockerClient({ ...wish.target, answerSeconds: ANSWER_SECONDS });
    this.shell = new NodeShell(wish.target);
  }

  /** @throws {ConnectionError} when the daemon cannot be asked */
  async look(): Promise<Answers> {
    const certificate = this.certificate.get();
    const sixth = this.sixth.get();
    const { docker } = this;
    // One after the other: side by side they would need an ssh connection each.
    const info = await docker.info();
    const folders = await this.findFolders(info);
    this.name = info.Name;
    const waiting = this.upkeep.get();
    const figures = this.shell
      .figures(info.Name, ...folders.map(({ folder }) => folder))
      .then((found) => (found ? { figures: found } : {}))
      .catch((error: Error) => ({ unmeasured: error.message.split('\n')[0]! }));
    const label = [`com.docker.stack.namespace=${this.wish.stack}`];
    const services = await docker.services({ label });
    const filter = { service: services.map((service) => service.ID) };
    const tasksWhere = async (filters: Filters) => (services.length === 0 ? [] : await docker.tasks(filters));
    const tasks = await tasksWhere(filter);
    const current = await tasksWhere({ ...filter, '_up-to-date': ['true'] });
    const containers = await docker.containers({ label: ['com.docker.swarm.task.id'] });
    const nodes = await docker.nodes();
    const strangers = await this.strangers(services);
    const absent = await this.absent(services);
    this.writers = { services, tasks, stack: this.wish.stack, now: Date.parse(info.SystemTime) };
    const refused = await this.refused.get();
    const jobs = await this.jobs.get();
    const backup = await this.backup.get();
    const lock = await readLock(this.docker, this.wish.stack).catch(() => undefined);
    const markers = await readMarkers(docker).catch(() => undefined);
    this.withData = { here: info.Swarm?.NodeID ?? '', services, tasks, markers: markers ?? new Map() };
    const identities = await this.identities.get();
    const usage = await this.usage.get();
    const measured = await figures;
    const upkeep = await waiting;
    const words = await sixth;
    return {
      info,
      services,
      tasks,
      containers,
      nodes,
      strangers,
      jobs,
      certificate: await certificate,
      upToDate: new Set(current.map((task) => task.ID)),
      ...(absent ? { absent } : {}),
      ...(markers ? { markers } : {}),
      ...(identities ? { identities } : {}),
      ...(usage ? { usage } : {}),
      ...measured,
      ...(upkeep ? { upkeep } : {}),
      ...(refused ? { refused } : {}),
      ...(backup ? { backup } : {}),
      ...(lock ? { lock } : {}),
      ...(words ? { sixth: words } : {}),
    };
  }

  /** Where the server cannot be asked this time, the usual ones; the next look asks again. */
  private async findFolders(info: Info): Promise<Folders> {
    try {
      this.folders ??= await dataFolders(info, (file) => readOnHost(this.wish.target, ['cat', file]));
      return this.folders;
    } catch {
      return dataFolders(info, async () => '');
    }
  }

  private async strangers(services: readonly Service[]): Promise<readonly ExistingObject[]> {
    const { declared, stack } = this.wish;
    return declared ? strangersOf(await askExisting(this.docker, stack, services), declared) : [];
  }

  /** Records are large: they are asked for where something is missing alone. */
  private async absent(services: readonly Service[]): Promise<Absent | undefined> {
    const missing = this.wish.declared?.services.filter(
      ({ name }) => !services.some(({ Spec }) => Spec.Name === name),
    );
    if (!missing || missing.length === 0) return missing && { missing: [], ahead: [] };
    return sortAbsent(missing, await this.releases.get().catch(() => []));
  }

  /** After a lost connection: past a shared ssh connection, which may be the dead one. */
  reconnect(): void {
    this.docker.reconnect();
    this.shell.reconnect();
  }

  close(): void {
    this.docker.close();
    this.shell.close();
  }
}
