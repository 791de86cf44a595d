import { createHash } from 'node:crypto';
import { Config } from '@cdktf/provider-docker/lib/config';
import { Construct, TerraformIterator } from './cdktf';
import { SwarmStack } from './stack';

export interface SwarmConfigProps {
  /** The file's text; at most 1,000 KiB, the engine's limit for a config. */
  readonly content: string;
}

/** A file that Swarm mounts into tasks. Its name ends in a hash of its content, since Swarm cannot change a config. */
export class SwarmConfig extends Construct {
  readonly resource: Config;
  /** The name in Swarm: `<platform>_<id>_<10 hex>`. */
  readonly configName: string;
  readonly content: string;
  /** The id of this version, as an expression. */
  readonly configId: string;

  constructor(scope: Construct, id: string, props: SwarmConfigProps) {
    super(scope, id);
    const bytes = Buffer.from(props.content, 'utf8');
    if (bytes.length === 0 || bytes.length >= 1_024_000) {
      throw new Error(
        `${this.node.path}: a config of ${bytes.length} bytes\n  Swarm takes 1 to 1,023,999 bytes; split the file or put it into the image`,
      );
    }
    this.content = props.content;
    const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 10);
    this.configName = `${SwarmStack.of(this).namespace}_${id}_${hash}`;
    this.resource = new Config(this, 'Default', {
      // The address carries the content: after a failed deploy the older object is then still an ordinary resource, and
      // going back to it does not collide with a deposed one.
      forEach: TerraformIterator.fromList([hash]),
      name: this.configName,
      data: bytes.toString('base64'),
      lifecycle: { createBeforeDestroy: true },
    });
    this.configId = `\${docker_config.${this.resource.friendlyUniqueId}["${hash}"].id}`;
  }
}
