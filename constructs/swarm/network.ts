import { Network } from '@cdktf/provider-docker/lib/network';
import { Construct } from './cdktf';
import { SwarmStack } from './stack';

export interface OverlayNetworkProps {
  /** Between nodes. @default false */
  readonly encrypted?: boolean | undefined;
  /** Leads to what is on it and nowhere else. @default false */
  readonly internal?: boolean;
}

/** An attachable overlay network, `<platform>_<id>`. Any change of it replaces it, and every service on it. */
export class OverlayNetwork extends Construct {
  /** The provider's own object, for what this class does not model. */
  readonly resource: Network;
  readonly networkName: string;
  /** As an expression. */
  readonly networkId: string;

  constructor(
    scope: Construct,
    id: string,
    readonly props: OverlayNetworkProps = {},
  ) {
    super(scope, id);
    const stack = SwarmStack.of(this);
    // Options are not compared, as below: with another name there is no way to take a network for one that is encrypted.
    this.networkName = `${stack.namespace}_${id}${props.encrypted ? '_encrypted' : ''}`;
    this.resource = new Network(this, 'Default', {
      name: this.networkName,
      driver: 'overlay',
      attachable: true,
      ...(props.encrypted ? { options: { encrypted: '' } } : {}),
      ...(props.internal ? { internal: true } : {}),
      labels: [stack.namespaceLabel],
      lifecycle: {
        // The daemon reads back options and subnets of its own, and the provider would replace the network for them.
        ignoreChanges: ['options', 'ipam_options', 'ipam_config', 'labels'],
      },
    });
    this.networkId = `\${docker_network.${this.resource.friendlyUniqueId}.id}`;
  }
}
