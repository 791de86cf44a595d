import { Network } from '@cdktf/provider-docker/lib/network';
import { Construct } from './cdktf';
import { SwarmStack } from './stack';

/** An attachable overlay network, `<platform>_<id>`. Any change of it replaces it, and every service on it. */
export class OverlayNetwork extends Construct {
  /** The provider's own object, for what this class does not model. */
  readonly resource: Network;
  readonly networkName: string;
  /** As an expression. */
  readonly networkId: string;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const stack = SwarmStack.of(this);
    this.networkName = `${stack.namespace}_${id}`;
    this.resource = new Network(this, 'Default', {
      name: this.networkName,
      driver: 'overlay',
      attachable: true,
      labels: [stack.namespaceLabel],
      lifecycle: {
        // The daemon reads back options and subnets of its own, and the provider would replace the network for them.
        ignoreChanges: ['options', 'ipam_options', 'ipam_config', 'labels'],
      },
    });
    this.networkId = `\${docker_network.${this.resource.friendlyUniqueId}.id}`;
  }
}
