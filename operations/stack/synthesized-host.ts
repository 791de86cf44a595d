import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HostSettings } from '../../contract/host';

export interface HostStep {
  /** For example `docker`. */
  readonly id: string;
  /** In Terraform. */
  readonly address: string;
  /** What runs on the server; with `HOST_CHECK=1` it only says what differs. */
  readonly script: string;
}

/** The synthesized stack of a server. */
export interface SynthesizedHost extends Omit<HostSettings, 'steps'> {
  readonly id: string;
  /** Where Terraform runs. */
  readonly folder: string;
  /** In the order in which they are done. */
  readonly steps: readonly HostStep[];
}

/** Whether a stack of this name is a server's: `host`, or `host-<environment>`. */
export const isHost = (stack: string): boolean => /^host(-|$)/.test(stack);

/** @returns undefined where the environment leaves its server as it is */
export function readHost(out: string): SynthesizedHost | undefined {
  const manifest = join(out, 'manifest.json');
  if (!existsSync(manifest)) return undefined;
  const { stacks = {} } = JSON.parse(readFileSync(manifest, 'utf8'));
  // biome-ignore lint/suspicious/noExplicitAny: documents that another program wrote
  const stack = Object.values<any>(stacks).find(({ name }) => isHost(name));
  if (!stack) return undefined;
  const json = JSON.parse(readFileSync(join(out, stack.synthesizedStackPath), 'utf8'));
  const { server, sshOptions, steps }: HostSettings = json['//'].host;
  return {
    id: stack.name,
    folder: join(out, stack.workingDirectory),
    server,
    sshOptions,
    steps: steps.map((id) => readStep(id, json.resource.null_resource[id])),
  };
}

interface Resource {
  readonly provisioner: readonly [
    { readonly 'local-exec': { readonly environment: { readonly HOST_STEP: string } } },
  ];
}

function readStep(id: string, { provisioner }: Resource): HostStep {
  const script = asWritten(provisioner[0]['local-exec'].environment.HOST_STEP);
  return { id, address: `null_resource.${id}`, script };
}

/** Without the escapes of Terraform's templates. */
const asWritten = (text: string): string => text.replaceAll('$${', () => '${').replaceAll('%%{', '%{');
