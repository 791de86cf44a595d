import { basename, extname } from 'node:path';
import { Resource } from '@cdktf/provider-null/lib/resource';
import { AssetType, Construct, type IConstruct, Lazy, TerraformAsset } from './cdktf';
import { hcl } from './hcl';
import type { SwarmService } from './service';
import { SwarmStack } from './stack';

export interface StepProps {
  /** A self-contained script for Node.js; it travels with the synthesized stack. @default nothing runs: an order, no action */
  readonly script?: string;
  /** Name and JSON input of the script's one environment variable, asked for when all is built; expressions are resolved at apply. */
  readonly input?: { readonly variable: string; readonly value: () => unknown };
  /** The step runs again when one of these changes; Terraform also destroys what they refer to only after it. */
  readonly triggers?: Readonly<Record<string, string>>;
  /** The step runs exactly when this service has a planned change of any kind, drift included. */
  readonly follows?: SwarmService;
  /**
   * Input of the same script for a run before that service is changed or made again; one that fails leaves it as it is.
   * Without expressions: Terraform allows none where it destroys what it knows of the step.
   */
  readonly beforeChange?: () => unknown;
  /** What must have been done before. */
  readonly after?: readonly IConstruct[];
}

/** Something that runs inside the Terraform graph, on the machine that runs Terraform. A failure fails the apply. */
export class Step extends Construct {
  readonly resource: Resource;
  readonly address: string;

  constructor(scope: Construct, id: string, props: StepProps) {
    super(scope, id);
    this.resource = new Resource(this, 'Default', {
      triggers: { ...props.triggers },
      dependsOn: (props.after ?? []).map((construct) => construct.node.defaultChild as never),
      ...(props.follows
        ? {
            // The plain address: cdktf writes any reference as "${…}", which Terraform refuses here.
            lifecycle: { replaceTriggeredBy: [props.follows.address] },
          }
        : {}),
      ...(props.script
        ? {
            provisioners: [
              this.run(props.script, props.input),
              // The step is replaced as its service changes, and Terraform destroys it first. It does not do so to a
              // step whose own run has failed, nor to one that it has yet to make: whoever needs that, too, has another
              // step before the service.
              ...(props.input && props.beforeChange
                ? [
                    {
                      ...this.run(props.script, { ...props.input, value: props.beforeChange }),
                      when: 'destroy' as const,
                    },
                  ]
                : []),
            ],
          }
        : {}),
    });
    this.address = `null_resource.${this.resource.friendlyUniqueId}`;
  }

  private run(script: string, input: StepProps['input']) {
    return {
      type: 'local-exec' as const,
      command: `node "\${path.module}/${stackFile(this, script).path}"`,
      environment: input ? { [input.variable]: jsonOf(input.value) } : {},
    };
  }
}

const jsonOf = (value: () => unknown): string =>
  Lazy.stringValue({ produce: () => `\${jsonencode(${hcl(value())})}` });

/** A file that is copied into the synthesized stack, once. */
export function stackFile(scope: Construct, path: string): TerraformAsset {
  const stack = SwarmStack.of(scope);
  const id = `file_${basename(path, extname(path))}`;
  const existing = stack.node.tryFindChild(id);
  if (existing) {
    if ((existing as TerraformAsset & { source?: string }).source !== path) {
      throw new Error(`${path}: another file of this name is in the stack already\n  rename one of the two`);
    }
    return existing as TerraformAsset;
  }
  const asset = new TerraformAsset(stack, id, {
    path,
    type: AssetType.FILE,
    // A fixed folder: a changed script is no change of the platform.
    assetHash: 'file',
  });
  return Object.assign(asset, { source: path });
}
