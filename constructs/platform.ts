import { type Application, applicationsOf, databaseUrlOf, secretMountsOf, settingsOf } from './applications';
import { readAsset } from './assets';
import type { PlatformSpec } from './catalogue';
import { Environment, type ImageLock, type Shell } from './environment';
import { applicationService } from './patterns/application-service';
import { edge, type IngressProps, nginx } from './patterns/ingress';
import { kafka } from './patterns/kafka';
import { kafkaProperties } from './patterns/kafka-properties';
import { mariadb } from './patterns/mariadb';
import { type ProvisionProps, provision } from './patterns/provision';
import { lastGate, type OperationScripts, rolloutGate } from './patterns/rollout';
import { tlsPair } from './patterns/tls';
import { acknowledgements, checkRules, type RuleContext } from './rules';
import {
  Connection,
  type Construct,
  type IConstruct,
  OverlayNetwork,
  type Resources,
  type Step,
  SwarmConfig,
  SwarmSecret,
  type SwarmService,
  SwarmStack,
  TerraformOutput,
  UpdatePolicy,
} from './swarm';
import { validateCatalogue } from './validate';
import { declareVariables } from './variables';
import { type Need, waves } from './waves';

export interface PlatformProps {
  /** A key of the catalogue's environments. */
  readonly environment: string;
  /** The variables of the shell: VPS_HOST and its like. */
  readonly shell: Shell;
  readonly imageLock: ImageLock;
  /** The bundled scripts that gates and provisioning run. */
  readonly scripts: OperationScripts;
  /** What relative paths in the catalogue are relative to. @default the working directory */
  readonly projectFolder?: string;
}

/** The catalogue as one Terraform stack: `swarm` for production, `swarm-<environment>` otherwise. */
export class Platform extends SwarmStack {
  /** In the order in which they are deployed: MariaDB and Kafka, the applications, nginx, the edge. */
  readonly services: readonly SwarmService[];
  readonly secrets: ReadonlyMap<string, SwarmSecret>;
  readonly network: OverlayNetwork;
  readonly environment: Environment;
  private readonly launcher: SwarmConfig;
  private readonly gates = new Map<SwarmService, Step>();

  constructor(
    scope: Construct,
    readonly spec: PlatformSpec,
    private readonly platformProps: PlatformProps,
  ) {
    validateCatalogue(spec);
    const { shell } = platformProps;
    const environment = new Environment(spec, platformProps.environment, platformProps.imageLock, shell);
    super(scope, environment.stackId, {
      namespace: environment.name,
      connection: Connection.fromEnvironment(shell, environment.spec.host),
      state: environment.spec.state,
      registries: (spec.registries ?? []).map((login) => ({
        address: login.address,
        username: `\${var.${login.username}}`,
        password: `\${var.${login.password}}`,
      })),
    });
    this.environment = environment;
    declareVariables(this, spec);
    this.secrets = new Map(
      Object.entries(spec.secrets).map(([id, secret]) => [
        id,
        new SwarmSecret(this, id, { ...secret, asciiOnly: id === spec.mariadb.password }),
      ]),
    );
    this.network = new OverlayNetwork(this, spec.name);
    this.launcher = new SwarmConfig(this, 'launcher', { content: readAsset('launch.sh') });

    const database = mariadb(this, {
      ...this.sized('mariadb', spec.mariadb),
      initFile: new SwarmConfig(this, 'mariadb_init', { content: readAsset('mariadb-init.sql') }),
    });
    const broker = kafka(this, {
      ...this.sized('kafka', spec.kafka),
      properties: new SwarmConfig(this, 'kafka_properties', { content: kafkaProperties() }),
    });
    const accounts = this.accounts(database);
    const ready = [this.gate(database), this.gate(broker)];
    const prepared = provision(this, 'prepare', accounts, ready);

    const rolling = this.applications([database, broker], [...ready, prepared]);
    const applications = rolling.flat();
    const applicationGates = applications.map((service) => this.gates.get(service)!);
    const doors = this.doors(applicationGates);
    this.services = [database, broker, ...applications, ...doors];

    const finished = provision(this, 'finish', accounts, applicationGates, prepared);
    lastGate(this, this.services, [...this.secrets.values()], [...this.gates.values(), finished]);
    this.enforceRules({
      services: this.services,
      node: environment.spec.node,
      waves: [...rolling, ...doors.map((service) => [service])],
      disposable: environment.disposable,
    });
  }

  private gate(service: SwarmService): Step {
    const total = Object.keys(this.spec.services).length + (this.spec.nginx.edge ? 4 : 3);
    const step = rolloutGate(this, {
      script: this.platformProps.scripts.rollout,
      service,
      position: { index: this.gates.size + 1, total },
      observe: this.environment.spec.observe,
    });
    this.gates.set(service, step);
    return step;
  }

  /** What the environment says about a service's size and image. */
  private sized<T extends { image: string; limits: Resources; reservations?: Resources }>(
    id: string,
    part: T,
  ) {
    const limits = this.environment.limits(id, part.limits);
    return {
      ...part,
      network: this.network,
      limits,
      reservations: this.environment.reservations(id, limits, part.reservations),
      image: this.environment.image(id, part.image, id in this.spec.services),
    };
  }

  private accounts(service: SwarmService): ProvisionProps {
    const { user, password, databases } = this.spec.mariadb;
    return {
      script: this.platformProps.scripts.provision,
      service,
      user,
      databases,
      password: this.secrets.get(password)!,
      projectFolder: this.platformProps.projectFolder ?? process.cwd(),
    };
  }

  /** The applications in waves, each after the gates of the one before: what rolls together fits the node. */
  private applications(stateful: readonly SwarmService[], after: readonly IConstruct[]): SwarmService[][] {
    let before = after;
    return this.plannedWaves(stateful).map((wave) => {
      const services = wave.map(([id, application]) =>
        applicationService(
          this,
          id,
          {
            ...this.sized(id, application),
            replicas: this.environment.replicas(id, application.replicas),
            launcher: this.launcher,
            settings: settingsOf(application, this.spec),
            urls: databaseUrlOf(application, this.spec),
            secrets: secretMountsOf(application, this.spec, this.secrets),
            sharedVolumes: application.sharedVolumes ?? [],
          },
          before,
        ),
      );
      before = services.map((service) => this.gate(service));
      return services;
    });
  }

  private plannedWaves(stateful: readonly SwarmService[]): [string, Application][][] {
    const need = (
      id: string,
      part: { image: string; limits: Resources; reservations?: Resources },
      tasks: number,
    ): Need => {
      const { reservations } = this.sized(id, part);
      return { cpus: reservations.cpus.toNanoCpus() * tasks, memory: reservations.memory.toBytes() * tasks };
    };
    const { nginx: proxy } = this.spec;
    const running = [
      ...applicationsOf(this.spec).map(([id, spec]) =>
        need(id, spec, this.environment.replicas(id, spec.replicas)),
      ),
      ...stateful.map(({ props, node }) => need(node.id, { ...props, image: props.image.tagged }, 1)),
      need('nginx', proxy, this.environment.replicas('nginx', 1)),
      ...(proxy.edge ? [need('edge', { ...proxy.edge, image: proxy.image }, 1)] : []),
    ];
    const { node } = this.environment.spec;
    const free = running.reduce(
      (left, part) => ({ cpus: left.cpus - part.cpus, memory: left.memory - part.memory }),
      { cpus: node.cpus.toNanoCpus(), memory: node.memory.toBytes() },
    );
    return waves(
      applicationsOf(this.spec),
      ([id, spec]) => {
        const policy = spec.updatePolicy ?? UpdatePolicy.startFirst();
        return need(id, spec, policy.order === 'start-first' ? policy.parallelism : 0);
      },
      free,
    );
  }

  private doors(after: readonly IConstruct[]): SwarmService[] {
    const { nginx: spec, tls } = this.spec;
    const { environment } = this;
    const ports = new Map(applicationsOf(this.spec).map(([id, application]) => [id, application.port]));
    const pair = tlsPair(this, environment.spec.tls ?? tls, {
      serverName: environment.serverName,
      projectFolder: this.platformProps.projectFolder ?? process.cwd(),
      script: this.platformProps.scripts.checkCertificate,
    });
    const ingress: IngressProps = {
      ...this.sized('nginx', spec),
      replicas: environment.replicas('nginx', 1),
      ports: environment.ports,
      routes: spec.routes.map(({ burst, ...route }) => ({
        ...route,
        port: ports.get(route.service)!,
        ...(burst === undefined
          ? {}
          : { rateLimit: burst === false ? (false as const) : { requestsPerSecond: 10, burst } }),
      })),
      tls: pair,
      edge: spec.edge ? this.sized('edge', { image: spec.image, ...spec.edge }) : undefined,
    };
    const proxy = nginx(this, ingress, [...after, ...pair.checks]);
    const gate = this.gate(proxy);
    if (!ingress.edge) return [proxy];
    const door = edge(this, { ...ingress, edge: ingress.edge }, [gate]);
    this.gate(door);
    return [proxy, door];
  }

  private enforceRules(context: RuleContext): void {
    this.node.addValidation({ validate: () => checkRules(context) });
    new TerraformOutput(this, 'acknowledged_rules', { value: acknowledgements(context) });
  }
}
