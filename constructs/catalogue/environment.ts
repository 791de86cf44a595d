import type { Shell } from '../../contract/shell';
import type { HostSpec } from '../host';
import type { TlsSpec } from '../ingress/tls/tls';
import type { Resources } from '../swarm';
import { ImageRef, type TrustedProxies } from '../units';
import type { EnvironmentSpec } from './spec/environment';
import type { NetworksSpec } from './spec/networks';
import type { PlatformSpec } from './spec/platform';
import type { ApplicationOverride } from './spec/service';

/** `images.lock.json`: `repository:tag` → `sha256:…`. */
export type ImageLock = Readonly<Record<string, string>>;

/** The catalogue as one environment sees it: overrides applied, images resolved. */
export class Environment {
  readonly spec: EnvironmentSpec<string>;

  constructor(
    private readonly platform: PlatformSpec,
    readonly id: string,
    private readonly lock: ImageLock,
    private readonly shell: Shell,
  ) {
    const spec = (platform.environments as Record<string, EnvironmentSpec<string>>)[id];
    if (!spec) {
      throw new Error(
        `there is no environment "${id}" in services.config.ts\n  set PLATFORM_ENVIRONMENT to one of: ${Object.keys(platform.environments).join(', ')}`,
      );
    }
    this.spec = spec;
    if (spec.state.kind === 'local' && !spec.disposable && isContinuousIntegration(shell)) {
      throw new Error(
        `environment "${id}" keeps its state in a local file, which is lost with the CI job\n  set state in services.config.ts to kind 's3' or 'pg'`,
      );
    }
    for (const name of ['IMAGE_REGISTRY', 'IMAGE_TAG']) {
      if (shell[name] && !spec.disposable) {
        throw new Error(
          `${name} is set, but "${id}" is no disposable environment: its images come from services.config.ts and images.lock.json\n  unset ${name}, or deploy the lab`,
        );
      }
    }
  }

  /** `swarm` for production, `swarm-<environment>` otherwise. */
  get stackId(): string {
    return this.id === 'production' ? 'swarm' : `swarm-${this.id}`;
  }

  /** Of the stack for the server itself: `host`, `host-<environment>`. */
  get hostStackId(): string {
    return this.stackId.replace(/^swarm/, 'host');
  }

  get name(): string {
    return this.spec.name ?? this.platform.name;
  }

  get serverName(): string {
    return this.spec.serverName ?? this.platform.serverName;
  }

  get tls(): TlsSpec {
    return this.spec.tls ?? this.platform.tls;
  }

  /** Where the server is, for a shell that does not say it. */
  get address(): string | undefined {
    return typeof this.spec.host === 'string' ? this.spec.host : this.spec.host?.address;
  }

  /** What the stack `host` makes of the server; undefined where there is no such stack. */
  get host(): HostSpec | undefined {
    return typeof this.spec.host === 'string' ? undefined : this.spec.host;
  }

  get disposable(): boolean {
    return this.spec.disposable ?? false;
  }

  get ports(): { readonly http: number; readonly https: number } {
    return this.spec.ports ?? { http: 80, https: 443 };
  }

  get networks(): NetworksSpec {
    return this.spec.networks ?? {};
  }

  /** Undefined where nothing stands before the server, or nobody said. */
  get trustedProxies(): TrustedProxies | undefined {
    return this.spec.trustedProxies || undefined;
  }

  replicas(service: string, written: number): number {
    return this.override(service).replicas ?? written;
  }

  limits(service: string, written: Resources): Resources {
    return this.override(service).limits ?? written;
  }

  reservations(service: string, limits: Resources, written?: Resources): Resources {
    const own = this.override(service).reservations;
    if (own) return own;
    if (this.spec.reservations) return atMost(limits, this.spec.reservations);
    return written ?? { cpus: limits.cpus.half(), memory: limits.memory.half() };
  }

  /** Relative to the project. */
  caFile(service: string, written?: string): string | undefined {
    return this.override(service).caFile ?? written;
  }

  /** The image with its digest. `IMAGE_REGISTRY` replaces the registry of all, `IMAGE_TAG` the tag of the applications. */
  image(service: string, written: string, isApplication: boolean): ImageRef {
    let image = ImageRef.of(this.override(service).image ?? written);
    if (this.shell.IMAGE_REGISTRY) image = image.withRegistry(this.shell.IMAGE_REGISTRY);
    if (this.shell.IMAGE_TAG && isApplication) image = image.withTag(this.shell.IMAGE_TAG);
    const digest = this.lock[image.tagged];
    return digest && !image.digest ? image.withDigest(digest) : image;
  }

  private override(service: string): ApplicationOverride {
    return (this.spec.services as Record<string, ApplicationOverride> | undefined)?.[service] ?? {};
  }
}

/** GitHub sets `CI=true`, others `CI=1`. */
const isContinuousIntegration = ({ CI }: Shell): boolean => !!CI && !/^(false|0)$/i.test(CI);

const atMost = (limits: Resources, { cpus, memory }: Resources): Resources => ({
  cpus: cpus.toNanoCpus() > limits.cpus.toNanoCpus() ? limits.cpus : cpus,
  memory: memory.toBytes() > limits.memory.toBytes() ? limits.memory : memory,
});
