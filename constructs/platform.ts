import type { BackupSettings } from '../contract/backup-settings';
import type { DeploySettings } from '../contract/deploy-settings';
import type { Shell } from '../contract/shell';
import { readAsset } from './assets/read-asset';
import { backedUpBackends, withBackupSecrets } from './catalogue/backup';
import { Environment, type ImageLock } from './catalogue/environment';
import { BACK_NETWORK } from './catalogue/names';
import { declareSecrets, describeSecrets } from './catalogue/secrets';
import type { Backend, Provisioning } from './catalogue/spec/backend';
import type { PlatformSpec } from './catalogue/spec/platform';
import { validateCatalogue } from './catalogue/validate';
import { longNameErrors } from './object-names';
import { applicationPhase } from './phases/applications';
import { backendPhase } from './phases/backends';
import { backupPhase, describeBackup } from './phases/backup';
import { certificates } from './phases/certificates';
import { bundledScripts, lastGate, type OperationScripts } from './phases/gate';
import { Gates } from './phases/gates';
import { ingressPhase } from './phases/ingress';
import { jobPhase } from './phases/jobs';
import { describeMigrations } from './phases/migrations';
import type { Site } from './phases/site';
import { acknowledgements, checkRules, type RuleContext } from './rules';
import { onePlace, sharedVolumesOf } from './rules/one-place';
import {
  Connection,
  type Construct,
  OverlayNetwork,
  SwarmConfig,
  type SwarmSecret,
  type SwarmService,
  SwarmStack,
  TerraformOutput,
} from './swarm';
import { frontOf } from './units';
import { declareVariables } from './variables';

export interface PlatformProps {
  /** A key of the catalogue's environments. */
  readonly environment: string;
  /** The variables of the shell: VPS_HOST and its like. */
  readonly shell: Shell;
  readonly imageLock: ImageLock;
  /** `secrets.salt.json`: environment → what is hashed into the names of its secrets, after a lost state. @default none */
  readonly secretSalts?: Readonly<Record<string, string>>;
  /** The bundled scripts that gates and provisioning run. @default those of the installed package */
  readonly scripts?: OperationScripts;
  /** What relative paths in the catalogue are relative to. @default the working directory */
  readonly projectFolder?: string;
}

/** The catalogue as one Terraform stack: `swarm` for production, `swarm-<environment>` otherwise. */
export class Platform extends SwarmStack {
  /** In the order in which they are deployed: backends, the backup, applications, nginx, the edge, certbot. */
  readonly services: readonly SwarmService[];
  /** The same, those together that may roll at the same time. */
  readonly waves: readonly (readonly SwarmService[])[];
  readonly secrets: ReadonlyMap<string, SwarmSecret>;
  /** By the backend's key. */
  readonly provisionings: ReadonlyMap<string, Provisioning>;
  readonly network: OverlayNetwork;
  /** The same and, where the environment wants two, the one of the backends. */
  readonly networks: readonly OverlayNetwork[];
  readonly environment: Environment;
  /** The catalogue, with what the environment adds to it. */
  readonly spec: PlatformSpec;

  constructor(scope: Construct, written: PlatformSpec, props: PlatformProps) {
    validateCatalogue(written);
    const spec = withBackupSecrets(written, props.environment);
    const { shell, scripts = bundledScripts(), projectFolder = process.cwd() } = props;
    const environment = new Environment(spec, props.environment, props.imageLock, shell);
    super(scope, environment.stackId, {
      namespace: environment.name,
      connection: Connection.fromEnvironment(shell, environment.address),
      state: environment.spec.state,
      allowDestroy: shell.ALLOW_DESTROY === '1',
      healthcheckMinimum: environment.spec.healthcheckMinimum,
      secretSalt: props.secretSalts?.[environment.id] ?? '',
      registries: (spec.registries ?? []).map((login) => ({
        address: login.address,
        username: `\${var.${login.username}}`,
        password: `\${var.${login.password}}`,
      })),
    });
    this.spec = spec;
    this.environment = environment;
    declareVariables(this, spec);
    const backedUp = backedUpBackends(spec, environment.id);
    this.secrets = declareSecrets(this, spec, backedUp);
    const { encrypted, separate } = environment.networks;
    this.network = new OverlayNetwork(this, spec.name, { encrypted });
    // What has it alone has no way out: it is what serves nobody outside.
    const backNetwork = separate
      ? new OverlayNetwork(this, BACK_NETWORK, { encrypted, internal: true })
      : this.network;
    this.networks = [...new Set([this.network, backNetwork])];
    const launcher = new SwarmConfig(this, 'launcher', { content: readAsset('launch.sh') });
    const { secrets, network } = this;
    const site: Site = {
      stack: this,
      spec,
      environment,
      network,
      backNetwork,
      secrets,
      launcher,
      scripts,
      projectFolder,
    };
    const gates = new Gates(site);

    // Before everything: with a pair that cannot serve, no service changes.
    const pair = certificates(this, environment, {
      host: this.connection.host,
      projectFolder,
      script: scripts.checkCertificate,
    });
    const backends = backendPhase(site, gates, pair.checks);
    const backup = backupPhase(site, gates, backedUp, backends);
    const rolling = applicationPhase(site, gates, [...backends.services, ...backup], backends.ready);
    const first = backends.services.length + backup.length;
    const ingress = ingressPhase(site, gates, pair, gates.all.slice(first));
    const jobs = jobPhase(site, gates, gates.all);
    this.provisionings = backends.provisionings;
    const entrance = ingress.map((service) => [service]);
    this.waves = [backends.services, backup, ...rolling, ...entrance, jobs].filter((wave) => wave.length > 0);
    this.services = this.waves.flat();

    // After the gates of the ingress, too: what is put back because of them has the older password.
    const finished = backends.finish(gates.all);
    this.describeDeploy();
    lastGate(
      this,
      this.services,
      [...this.secrets.values()],
      [...gates.all, ...backends.remembered, ...finished],
    );
    this.enforceRules({
      services: this.services,
      node: environment.spec.node,
      waves: this.waves,
      migrations: Object.values(describeMigrations(spec).migrations ?? {}),
      disposable: environment.disposable,
    });
  }

  /** What the catalogue says of backups here; undefined where there are none. */
  get backup(): BackupSettings | undefined {
    return describeBackup(this.spec, this.environment, this.services).backup;
  }

  /** For `./proctor deploy`. Terraform ignores what is under `//`: a change of it is no change of the platform. */
  private describeDeploy(): void {
    const { spec, environment } = this;
    const { tls } = environment;
    const settings: DeploySettings = {
      onFailure: spec.onFailure ?? 'leave',
      probe: spec.probe,
      ...(spec.keepReleases === undefined ? {} : { keepReleases: spec.keepReleases }),
      serverName: environment.serverName,
      front: frontOf(environment.spec.trustedProxies),
      // Until Let's Encrypt has issued its first, the fallback is.
      selfSigned: tls.mode !== 'provided',
      certificateFile: tls.mode === 'provided' ? tls.certificateFile : undefined,
      privateKeyFile: tls.mode === 'provided' ? tls.privateKeyFile : undefined,
      waves: this.waves.map((wave) => wave.map(({ node }) => node.id)),
      stateful: this.services.filter(({ props }) => props.stateful).map(({ node }) => node.id),
      whoWaits: Object.fromEntries(
        Object.entries<Backend>(spec.backends ?? {}).flatMap(([id, { whoWaits }]) =>
          whoWaits ? [[id, whoWaits]] : [],
        ),
      ),
      ...this.describeShared(),
      background: this.services.filter(listensToNobody).map(({ node }) => node.id),
      ...describeSecrets(spec, this.secrets, this.services),
      ...this.describeSchemas(),
      ...describeMigrations(spec),
      ...this.describeSharedAccounts(),
      ...describeBackup(spec, environment, this.services),
      observeSeconds: Object.fromEntries(
        this.services.map(({ node, props }) => [
          node.id,
          (environment.spec.observe ?? props.updatePolicy.observe).toSeconds(),
        ]),
      ),
    };
    this.addOverride('//.deploy', settings);
  }

  /** Of applications, unless it is acknowledged that several nodes take them; absent where there is none. */
  private describeShared(): Pick<DeploySettings, 'sharedVolumes'> {
    const { namespace } = this;
    const shared = this.services.flatMap((service) => {
      const names = sharedVolumesOf(service).map(({ name }) => `${namespace}_${name}`);
      const acknowledged = service.props.acknowledge?.[onePlace.name]?.trim();
      return names.length > 0 && !acknowledged ? [[service.node.id, names] as const] : [];
    });
    return shared.length > 0 ? { sharedVolumes: Object.fromEntries(shared) } : {};
  }

  /** Absent where there is none. */
  private describeSchemas(): Pick<DeploySettings, 'schemas'> {
    const steps = [...this.provisionings].flatMap(([id, { files = {} }]) =>
      Object.keys(files).length > 0 ? [[`${id}_prepare`, files] as const] : [],
    );
    return steps.length > 0 ? { schemas: Object.fromEntries(steps) } : {};
  }

  /** Absent where there is none. */
  private describeSharedAccounts(): Pick<DeploySettings, 'sharedAccounts'> {
    const sharedAccounts = [...this.provisionings.values()].flatMap(
      ({ sharedAccount }) => sharedAccount ?? [],
    );
    return sharedAccounts.length > 0 ? { sharedAccounts } : {};
  }

  private enforceRules(context: RuleContext): void {
    this.node.addValidation({ validate: () => [...longNameErrors(this), ...checkRules(context)] });
    new TerraformOutput(this, 'acknowledged_rules', { value: acknowledgements(context) });
  }
}

/** It has no port that anybody would ask, such as certbot: its restart interrupts nobody. */
const listensToNobody = ({ props }: SwarmService): boolean =>
  props.port === undefined && !props.ingress && props.publishedPorts.length === 0;
