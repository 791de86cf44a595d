import type { DeploySettings } from '../contract/deploy-settings';
import { applicationService } from './application/application-service';
import { readAsset } from './assets/read-asset';
import { kafka } from './backends/kafka';
import { kafkaProperties } from './backends/kafka-properties';
import { mariadb } from './backends/mariadb';
import { type ProvisionProps, provision } from './backends/provision';
import { applicationsOf, databaseUrlOf, secretMountsOf, settingsOf } from './catalogue/applications';
import type { PlatformSpec } from './catalogue/catalogue';
import { Environment, type ImageLock, type Shell } from './catalogue/environment';
import { describeSecrets } from './catalogue/secrets';
import { validateCatalogue } from './catalogue/validate';
import { certbotOrders, certbotPart, certificates, publicEndpoint } from './certificates';
import { lastGate, type OperationScripts, rolloutGate } from './gate';
import { edge, type IngressProps, nginx } from './ingress/ingress';
import type { AcmeSpec } from './ingress/tls/acme';
import { certbot } from './ingress/tls/certbot';
import { insistsOnTls, type TlsPair } from './ingress/tls/tls';
import { rolloutWaves } from './rollout-waves';
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
} from './swarm';
import { declareVariables } from './variables';

export interface PlatformProps {
  /** A key of the catalogue's environments. */
  readonly environment: string;
  /** The variables of the shell: VPS_HOST and its like. */
  readonly shell: Shell;
  readonly imageLock: ImageLock;
  /** `secrets.salt.json`: environment → what is hashed into the names of its secrets, after a lost state. @default none */
  readonly secretSalts?: Readonly<Record<string, string>>;
  /** The bundled scripts that gates and provisioning run. */
  readonly scripts: OperationScripts;
  /** What relative paths in the catalogue are relative to. @default the working directory */
  readonly projectFolder?: string;
}

/** The catalogue as one Terraform stack: `swarm` for production, `swarm-<environment>` otherwise. */
export class Platform extends SwarmStack {
  /** In the order in which they are deployed: MariaDB and Kafka, the applications, nginx, the edge, certbot. */
  readonly services: readonly SwarmService[];
  /** The same, those together that may roll at the same time. */
  readonly waves: readonly (readonly SwarmService[])[];
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
      connection: Connection.fromEnvironment(shell, environment.address),
      state: environment.spec.state,
      allowDestroy: shell.ALLOW_DESTROY === '1',
      healthcheckMinimum: environment.spec.healthcheckMinimum,
      secretSalt: platformProps.secretSalts?.[environment.id] ?? '',
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
        new SwarmSecret(this, id, { ...secret, asciiOnly: id === spec.mariadb.password, noLineEnd: true }),
      ]),
    );
    this.network = new OverlayNetwork(this, spec.name);
    this.launcher = new SwarmConfig(this, 'launcher', { content: readAsset('launch.sh') });

    // Before everything: with a pair that cannot serve, no service changes.
    const pair = certificates(this, environment, {
      host: this.connection.host,
      projectFolder: this.projectFolder,
      script: platformProps.scripts.checkCertificate,
    });
    const database = mariadb(
      this,
      {
        ...this.sized('mariadb', spec.mariadb),
        initFile: new SwarmConfig(this, 'mariadb_init', { content: readAsset('mariadb-init.sql') }),
      },
      pair.checks,
    );
    const broker = kafka(
      this,
      {
        ...this.sized('kafka', spec.kafka),
        properties: new SwarmConfig(this, 'kafka_properties', { content: kafkaProperties() }),
      },
      pair.checks,
    );
    const accounts = this.accounts(database);
    const ready = [this.gate(database), this.gate(broker)];
    const prepared = provision(this, 'prepare', accounts, ready);

    const rolling = this.applications([...ready, prepared]);
    const applications = rolling.flat();
    const applicationGates = applications.map((service) => this.gates.get(service)!);
    const doors = this.doors(pair, applicationGates);
    this.waves = [[database, broker], ...rolling, ...doors.map((service) => [service])];
    this.services = this.waves.flat();

    // After the doors' gates, too: what is put back because of them has the older password.
    const finished = provision(this, 'finish', accounts, [...this.gates.values()], prepared);
    this.describeDeploy();
    lastGate(this, this.services, [...this.secrets.values()], [...this.gates.values(), finished]);
    this.enforceRules({
      services: this.services,
      node: environment.spec.node,
      waves: this.waves,
      disposable: environment.disposable,
    });
  }

  private get projectFolder(): string {
    return this.platformProps.projectFolder ?? process.cwd();
  }

  private gate(service: SwarmService): Step {
    const { mode } = this.environment.tls;
    const own = 3 + (this.spec.nginx.edge ? 1 : 0) + (mode === 'letsencrypt' ? 1 : 0);
    const total = Object.keys(this.spec.services).length + own;
    const step = rolloutGate(this, {
      script: this.platformProps.scripts.rollout,
      service,
      position: { index: this.gates.size + 1, total },
      certificate:
        service.props.ingress || service.node.id === 'certbot'
          ? publicEndpoint(this.environment, this.connection.host)
          : undefined,
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
      projectFolder: this.projectFolder,
    };
  }

  /** The applications in waves, each after the gates of the one before: what rolls together fits the node. */
  private applications(after: readonly IConstruct[]): SwarmService[][] {
    let before = after;
    return rolloutWaves(this.spec, this.environment).map((wave) => {
      const services = wave.map(([id, application]) =>
        applicationService(
          this,
          id,
          {
            ...this.sized(id, application),
            replicas: this.environment.replicas(id, application.replicas),
            launcher: application.launcher === false ? undefined : this.launcher,
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

  /** After the doors: the CA looks for its challenge through them. */
  private certbot(spec: AcmeSpec, pair: TlsPair, after: readonly IConstruct[]): SwarmService {
    const size = this.sized('certbot', certbotPart(spec));
    const service = certbot(this, { ...size, ...certbotOrders(spec, pair, this.projectFolder) }, after);
    this.gate(service);
    return service;
  }

  private doors(pair: TlsPair, after: readonly IConstruct[]): SwarmService[] {
    const { nginx: spec } = this.spec;
    const { environment } = this;
    const ports = new Map(applicationsOf(this.spec).map(([id, application]) => [id, application.port]));
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
      hsts: insistsOnTls(environment.tls),
      edge: spec.edge ? this.sized('edge', { image: spec.image, ...spec.edge }) : undefined,
    };
    const proxy = nginx(this, ingress, after);
    const doors = [proxy];
    let gate = this.gate(proxy);
    if (ingress.edge) {
      const door = edge(this, { ...ingress, edge: ingress.edge }, [gate]);
      gate = this.gate(door);
      doors.push(door);
    }
    if (environment.tls.mode === 'letsencrypt') doors.push(this.certbot(environment.tls, pair, [gate]));
    return doors;
  }

  /** For the front door (`npm run deploy`). Terraform ignores what is under `//`: a change of it is no change of the platform. */
  private describeDeploy(): void {
    const { spec, environment } = this;
    const { tls } = environment;
    const settings: DeploySettings = {
      onFailure: spec.onFailure ?? 'leave',
      probe: spec.probe,
      serverName: environment.serverName,
      // Until Let's Encrypt has issued its first, the fallback is.
      selfSigned: tls.mode !== 'provided',
      certificateFile: tls.mode === 'provided' ? tls.certificateFile : undefined,
      privateKeyFile: tls.mode === 'provided' ? tls.privateKeyFile : undefined,
      waves: this.waves.map((wave) => wave.map(({ node }) => node.id)),
      stateful: this.services.filter(({ props }) => props.stateful).map(({ node }) => node.id),
      background: this.services.filter(listensToNobody).map(({ node }) => node.id),
      ...describeSecrets(spec, this.secrets, this.services),
      observeSeconds: Object.fromEntries(
        this.services.map(({ node, props }) => [
          node.id,
          (environment.spec.observe ?? props.updatePolicy.observe).toSeconds(),
        ]),
      ),
    };
    this.addOverride('//.deploy', settings);
  }

  private enforceRules(context: RuleContext): void {
    this.node.addValidation({ validate: () => checkRules(context) });
    new TerraformOutput(this, 'acknowledged_rules', { value: acknowledgements(context) });
  }
}

/** It has no port that anybody would ask, such as certbot: its restart interrupts nobody. */
const listensToNobody = ({ props }: SwarmService): boolean =>
  props.port === undefined && !props.ingress && props.publishedPorts.length === 0;
