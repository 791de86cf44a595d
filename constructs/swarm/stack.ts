import { DockerProvider } from '@cdktf/provider-docker/lib/provider';
import { NullProvider } from '@cdktf/provider-null/lib/provider';
import { TlsProvider } from '@cdktf/provider-tls/lib/provider';
import { DOCKER_HUB, type ImageRef, registryHost } from '../units';
import { type Construct, type IConstruct, TerraformElement, TerraformStack } from './cdktf';
import type { Connection } from './connection';
import type { HealthcheckMinimum } from './healthcheck';
import { type StateSpec, useState } from './state';

/** The versions that the bindings were generated from; another schema could drop a field without a word. */
export const PROVIDER_VERSIONS = { docker: '3.6.2', null: '3.2.4', tls: '4.1.0' } as const;

export interface SwarmStackProps {
  /** The Swarm namespace: every object is `<namespace>_<name>` and labelled with it, as `docker stack deploy` does. */
  readonly namespace: string;
  readonly connection: Connection;
  readonly state: StateSpec;
  /** Registries that need a login; the values come from variables. @default none */
  readonly registries?: readonly RegistryLogin[];
  /**
   * Let a plan destroy or replace services. Otherwise Terraform refuses such a plan: it is an outage, whether it comes
   * from a changed network, a label, or a stack that somebody recreated by hand. @default false
   */
  readonly allowDestroy?: boolean;
  /**
   * Hashed before every secret's value. Another one gives all secrets new names, where the old ones are taken: Terraform
   * cannot import a secret. @default none
   */
  readonly secretSalt?: string;
  /** No service's health check runs more often. @default the services' own */
  readonly healthcheckMinimum?: HealthcheckMinimum | undefined;
}

export interface RegistryLogin {
  /** For example `ghcr.io`; `docker.io` for Docker Hub. */
  readonly address: string;
  /** Expressions of sensitive variables; an empty password means an anonymous pull. */
  readonly username: string;
  readonly password: string;
}

/** One Terraform stack that declares one Swarm stack over one ssh connection. */
export class SwarmStack extends TerraformStack {
  static override of(construct: IConstruct): SwarmStack {
    const stack = TerraformStack.of(construct);
    if (!(stack instanceof SwarmStack)) {
      throw new Error(`${construct.node.path}: must be inside a SwarmStack`);
    }
    return stack;
  }

  readonly namespace: string;
  readonly connection: Connection;
  readonly allowDestroy: boolean;
  readonly secretSalt: string;
  readonly healthcheckMinimum: HealthcheckMinimum;
  private readonly logsInToHub: boolean;

  constructor(scope: Construct, id: string, props: SwarmStackProps) {
    super(scope, id);
    this.namespace = props.namespace;
    this.connection = props.connection;
    this.allowDestroy = props.allowDestroy ?? false;
    this.secretSalt = props.secretSalt ?? '';
    this.healthcheckMinimum = props.healthcheckMinimum ?? {};
    if (!/^[\w.-]*$/.test(this.secretSalt)) {
      throw new Error(
        `the secrets' salt "${this.secretSalt}" would be read as an expression\n  use letters, digits, _, . and -, for example "2"`,
      );
    }
    this.logsInToHub = (props.registries ?? []).some(({ address }) => registryHost(address) === DOCKER_HUB);
    const docker = new DockerProvider(this, 'docker', {
      host: props.connection.url,
      sshOpts: [...props.connection.sshOptions],
    });
    // Here and never on a service: there the credentials are ForceNew, and a new token would replace every service.
    docker.addOverride('dynamic.registry_auth', (props.registries ?? []).map(loginWithPassword));
    new NullProvider(this, 'null');
    new TlsProvider(this, 'tls');
    for (const [name, version] of Object.entries(PROVIDER_VERSIONS)) {
      this.addOverride(`terraform.required_providers.${name}.version`, version);
    }
    this.addOverride('terraform.required_version', '>= 1.5.0');
    useState(this, props.state);
    this.node.addValidation({ validate: () => duplicateAddresses(this) });
  }

  /**
   * What the engine is given. With a login to Docker Hub its images are named in full, since the provider looks for the
   * login of what stands before the first slash.
   */
  pullName(image: ImageRef): string {
    return this.logsInToHub ? image.inFull : image.toString();
  }

  /** The one label that every object has. A second, changing one would replace the service that carries it. */
  get namespaceLabel(): { label: string; value: string } {
    return { label: 'com.docker.stack.namespace', value: this.namespace };
  }
}

/**
 * A login that is there only where its password is given, which Terraform knows and synth does not. `auth_disabled` would
 * not do: the provider then makes a user and a password up, which registries refuse for public images, too.
 */
function loginWithPassword({ address, username, password }: RegistryLogin): object {
  const given = `nonsensitive(${password.replace(/^\$\{(.*)\}$/, '$1')} != "")`;
  const host = registryHost(address);
  return {
    for_each: `\${${given} ? [1] : []}`,
    content: { address: host === DOCKER_HUB ? host : address, username, password },
  };
}

/** Two constructs can get one address in Terraform (`web.a` and `weba`): without this the last one wins, silently. */
function duplicateAddresses(stack: TerraformStack): string[] {
  const seen = new Map<string, string>();
  const errors: string[] = [];
  for (const child of stack.node.findAll()) {
    if (!(child instanceof TerraformElement)) continue;
    const type =
      (child as { terraformResourceType?: string }).terraformResourceType ?? child.constructor.name;
    const address = `${type}.${child.friendlyUniqueId}`;
    const first = seen.get(address);
    if (first !== undefined) {
      errors.push(
        `"${first}" and "${child.node.path}" are both ${address} in Terraform, one would vanish\n  rename one of them`,
      );
    }
    seen.set(address, child.node.path);
  }
  return errors;
}
