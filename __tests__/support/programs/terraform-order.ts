import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Json } from '../platform/template';

/**
 * The order in which Terraform itself would do things, without a provider or a server: every resource of a synthesized stack
 * becomes a `terraform_data` with the same references, `depends_on`, `for_each` and lifecycle.
 */
export class TerraformOrder {
  constructor(
    private readonly folder: string,
    private readonly variables: Readonly<Record<string, string>>,
  ) {
    mkdirSync(folder, { recursive: true });
  }

  /** As if a deploy had been. */
  apply(stack: Json): void {
    this.write(stack);
    this.terraform('init');
    this.terraform('apply', '-auto-approve');
  }

  /** For each step of the next deploy, `docker_service.edge (destroy)` for example, all that must be done before it. */
  plan(stack: Json): ReadonlyMap<string, ReadonlySet<string>> {
    this.write(stack);
    this.terraform('plan', '-out=plan');
    const graph = this.terraform('graph', '-type=apply', '-plan=plan');
    const after = new Map<string, string[]>();
    for (const [, from, to] of graph.matchAll(/"(?:\[root\] )?(.+?)" -> "(?:\[root\] )?(.+?)"\s*;?\n/g)) {
      after.set(from!, [...(after.get(from!) ?? []), to!]);
    }
    const reach = (node: string, seen = new Set<string>()): Set<string> => {
      for (const next of after.get(node) ?? []) {
        if (!seen.has(next)) reach(next, seen.add(next));
      }
      return seen;
    };
    const named = (node: string) => node.replaceAll(/terraform_data\.(\w+?)-(\w+)/g, '$1.$2');
    return new Map([...after.keys()].map((node) => [named(node), new Set([...reach(node)].map(named))]));
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private write({ resource, locals, variable }: Json): void {
    const data = Object.entries<Json>(resource).flatMap(([type, all]) =>
      Object.entries<Json>(all).map(([id, body]) => [`${type}-${id}`, standIn(type, body)]),
    );
    const json = {
      variable,
      locals: renamed(locals),
      resource: { terraform_data: Object.fromEntries(data) },
    };
    writeFileSync(join(this.folder, 'main.tf.json'), JSON.stringify(json));
  }

  private terraform(...args: string[]): string {
    const env = {
      PATH: process.env.PATH,
      HOME: this.folder,
      CHECKPOINT_DISABLE: '1',
      TF_CLI_ARGS: '-no-color',
    };
    const given = Object.entries(this.variables).map(([name, value]) => [`TF_VAR_${name}`, value]);
    const options = {
      cwd: this.folder,
      encoding: 'utf8',
      env: { ...env, ...Object.fromEntries(given) },
    } as const;
    const { status, stdout, stderr } = spawnSync('terraform', args, options);
    if (status !== 0)
      throw new Error(
        `terraform ${args[0]}\n${(stdout + stderr).replaceAll(/^ +\d+: .*$/gm, '').slice(-2000)}`,
      );
    return stdout;
  }
}

function standIn(type: string, body: Json): Json {
  const { depends_on, for_each, lifecycle = {}, provisioner: _, ...rest } = body;
  const { create_before_destroy, replace_triggered_by } = lifecycle;
  return renamed({
    ...(depends_on?.length > 0 ? { depends_on } : {}),
    ...(for_each ? { for_each } : {}),
    lifecycle: {
      ...(create_before_destroy ? { create_before_destroy } : {}),
      ...(replace_triggered_by ? { replace_triggered_by } : {}),
    },
    // A service is updated in place; everything else is made anew for any change of it.
    [type === 'docker_service' ? 'input' : 'triggers_replace']: rest,
  });
}

/** References as the stand-ins have them: an id is an id, and so is all else that a resource would say. */
function renamed(value: Json): Json {
  if (Array.isArray(value)) return value.map(renamed);
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      // What it repeats has names of its own in it: what it refers to is enough here.
      Object.entries(value).map(([key, inner]) => [
        key,
        renamed(key === 'dynamic' ? referred(inner) : inner),
      ]),
    );
  }
  if (typeof value !== 'string') return value;
  return value
    .replaceAll(/\b((?:docker|null|tls)_\w+)\.(\w+)/g, 'terraform_data.$1-$2')
    .replaceAll(/(terraform_data\.[\w-]+(?:\[[^\]]+\])?)\.(?!id\b)\w+/g, '$1.id');
}

const referred = (block: Json): string[] =>
  [...new Set(JSON.stringify(block).match(/docker_(?:secret|config)\.\w+/g))].map(
    (address) => `\${[for one in ${address} : one.id]}`,
  );
