import { JOB_LABEL } from '../../../contract/job';
import type {
  Container,
  ContainerSummary,
  Info,
  Service,
  ServiceSpec,
  SwarmNode,
  Task,
} from '../../../operations/docker/answers';
import type { Docker, Filters } from '../../../operations/docker/client';
import { EngineError, notFound } from '../manager/control';
import type { Agent } from '../node/agent';
import { isTaskDirty } from '../swarm/dirty';
import type { ServiceRecord, Spec, TaskRecord } from '../swarm/records';
import { recordAt } from '../swarm/store';
import { somebodyElse } from '../world/somebody-else';
import type { World } from '../world/world';
import type { Line } from './line';
import { EPOCH, nodeView, serviceView, taskView } from './views';

/** A DockerClient of which the engine is the simulated one. */
export class SimulatedDocker implements Docker {
  /** Of when the last answers about a service and its tasks were. */
  readonly told = { service: 0, tasks: 0, current: 0 };

  /** When a service was first answered for; again for each watch. */
  first: number | undefined;

  /** Services that were made by it. */
  readonly made: string[] = [];

  constructor(
    private readonly world: World,
    readonly line: Line,
  ) {}

  services(filters: Filters = {}): Promise<Service[]> {
    return this.line.ask((at) => {
      this.told.service = at;
      return this.servicesAt(at)
        .filter((service) => labelled(filters)(service) && !isJob(service))
        .map(serviceView);
    });
  }

  /** As `operations/docker/client.ts` asks for them. */
  jobs(): Promise<Service[]> {
    return this.line.ask((at) => this.servicesAt(at).filter(isJob).map(serviceView));
  }

  createService(spec: ServiceSpec): Promise<string> {
    return this.line.ask(() => {
      const { id } = this.world.control.create(spec as Spec);
      this.made.push(id);
      return id;
    }, 'write');
  }

  removeService(id: string): Promise<void> {
    return this.line.ask(() => this.world.control.remove(id), 'write');
  }

  signalContainer(id: string): Promise<void> {
    return this.line.ask(() => {
      const agent = this.world.agents.get(this.world.asks)!;
      if (!agent.signal(id)) throw new EngineError(409, `container ${id} is not running`);
    }, 'write');
  }

  service(id: string): Promise<Service> {
    return this.line.ask((at) => {
      const found = this.servicesAt(at).find((one) => one.id === id || one.spec.Name === id);
      this.told.service = at;
      this.first ??= this.world.agenda.now;
      if (!found) throw notFound(id);
      return serviceView(found);
    });
  }

  async updateService(id: string, version: number, spec: ServiceSpec, rollback?: 'previous'): Promise<void> {
    await this.line.ask(() => {
      if (this.line.trouble('faster')) somebodyElse(this.world, id, 'label');
      this.world.control.update(id, version, spec as Spec, rollback === 'previous');
      this.world.asked.push({ at: this.world.agenda.now, rollback: rollback === 'previous' });
    }, 'write');
  }

  /** manager/controlapi/task.go, ListTasks. */
  tasks(filters: Filters = {}): Promise<Task[]> {
    return this.line.ask((at) => {
      const ids = filters.service;
      const current = filters['_up-to-date'] !== undefined;
      const services = new Map(this.servicesAt(at).map((one) => [one.id, one]));
      const labels = labelled(filters);
      this.told[current ? 'current' : 'tasks'] = at;
      return this.tasksAt(at)
        .filter((task) => {
          if (ids && !ids.includes(task.serviceId)) return false;
          const service = services.get(task.serviceId);
          if (!service) return !current && !filters.label;
          if (!labels(service)) return false;
          const node = task.nodeId ? this.world.store.nodes.get(task.nodeId) : undefined;
          return !current || !isTaskDirty(service, task, node);
        })
        .map(taskView);
    });
  }

  removeContainer(id: string): Promise<void> {
    return this.line.ask(() => {
      const why = this.world.agents.get(this.world.asks)!.remove(id);
      if (why === 'missing') throw new EngineError(404, `No such container: ${id}`);
      if (why) throw new EngineError(409, `You cannot remove a running container ${id}`);
    }, 'one');
  }

  nodes(): Promise<SwarmNode[]> {
    return this.line.ask(() => [...this.world.store.nodes.values()].map(nodeView));
  }

  node(id: string): Promise<SwarmNode> {
    return this.line.ask(() => {
      const node = this.world.store.nodes.get(id);
      if (!node) throw notFound(id);
      return nodeView(node);
    }, 'one');
  }

  secrets = () => this.line.ask(() => []);
  configs = () => this.line.ask(() => [...this.world.objects].map((ID) => ({ ID })));
  networks = () => this.line.ask(() => []);
  createSecret = () => this.line.ask(() => '');
  streamLog = () => this.line.ask(() => undefined);
  updateNode = () => this.line.ask(() => undefined);
  holdsFiles = () => this.line.ask(() => undefined);
  filesIn = () => this.line.ask(() => undefined);
  systemDf = () => this.line.ask(() => ({}));
  ping = () => this.line.ask(() => undefined);
  removeSecret = () => this.line.ask(() => undefined);
  everyContainer = () => this.containers();
  images = () => this.line.ask(() => []);
  removeImage = () => this.line.ask(() => undefined);
  createConfig = () => this.line.ask(() => undefined);
  updateConfig = () => this.line.ask(() => undefined);
  removeConfig = () => this.line.ask(() => undefined);
  fileIn = () => this.line.ask(() => undefined);
  putFile = () => this.line.ask(() => undefined);
  distribution = () => this.line.ask(() => ({}));
  volumes = () => this.line.ask(() => []);

  containers(): Promise<ContainerSummary[]> {
    return this.line.ask(() => {
      const agent = this.world.agents.get(this.world.asks)!;
      return [...agent.running()].map(([task, health]) => ({
        Names: [`/${task}`],
        Labels: { 'com.docker.swarm.task.id': task },
        Ports: [],
        Status: `Up 3 seconds${health ? ` (${health === 'starting' ? 'health: starting' : health})` : ''}`,
      }));
    });
  }

  container(id: string): Promise<Container> {
    return this.line.ask(() => {
      const { agent, task } = this.findContainer(id);
      const found = agent && task && agent.inspect(task.id);
      // Only those of the node that is asked can be inspected.
      if (!found || agent.id !== this.world.asks) throw notFound(id);
      const Log = found.sick ? [{ ExitCode: 1, Output: 'not healthy' }] : [];
      return { State: { OOMKilled: found.outOfMemory, Health: { Log } } };
    }, 'one');
  }

  taskLog(id: string): Promise<string> {
    return this.line.ask(() => `last words of ${id}\n`, 'one');
  }

  info(): Promise<Info> {
    return this.line.ask(() => ({
      Name: this.world.asks,
      DockerRootDir: '/var/lib/docker',
      SystemTime: new Date(EPOCH + this.world.store.now).toISOString(),
      NCPU: 4,
      MemTotal: 8e9,
      Swarm: {
        NodeID: this.world.asks,
        Cluster: {
          ID: 'cluster',
          Spec: { Orchestration: { TaskHistoryRetentionLimit: this.world.historyLimit } },
        },
      },
    }));
  }

  /** The header Date of an answer, which has whole seconds. */
  clock(): Promise<number | undefined> {
    return this.line.ask(() => Math.floor((EPOCH + this.world.store.now) / 1000) * 1000);
  }

  exec(): Promise<never> {
    return this.line.ask(() => {
      throw new Error('not simulated');
    });
  }

  reconnect(): void {}
  close(): void {}

  private findContainer(id: string): { agent?: Agent | undefined; task?: TaskRecord | undefined } {
    const task = [...this.world.store.tasks.values()].find(({ status }) => status.containerId === id);
    return { task, agent: task?.nodeId ? this.world.agents.get(task.nodeId) : undefined };
  }

  private servicesAt(at: number): ServiceRecord[] {
    const { store, agenda } = this.world;
    if (at >= agenda.now) return [...store.services.values()];
    return [...store.serviceLog.values()].flatMap((log) => recordAt(log, at) ?? []);
  }

  private tasksAt(at: number): TaskRecord[] {
    const { store, agenda } = this.world;
    if (at >= agenda.now) return [...store.tasks.values()];
    return [...store.taskLog.values()].flatMap((log) => recordAt(log, at) ?? []);
  }
}

const isJob = ({ spec }: ServiceRecord): boolean => spec.Labels?.[JOB_LABEL] !== undefined;

const labelled = (filters: Filters) => (service: ServiceRecord) =>
  (filters.label ?? []).every((label) => {
    const [key = '', value] = label.split('=');
    const has = service.spec.Labels?.[key];
    return value === undefined ? has !== undefined : has === value;
  });
