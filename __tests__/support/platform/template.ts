import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Connection, type Construct, SwarmStack, type SwarmStackProps } from '../../../constructs/swarm';

// biome-ignore lint/suspicious/noExplicitAny: a tree of JSON that tests walk down, as deep as Terraform's schema goes
export type Json = any;

/** A copy in which ssh's shared connection has its socket nowhere in particular: where is a matter of the user's home. */
export const somewhere = (json: Json): Json =>
  JSON.parse(
    JSON.stringify(json).replace(/ControlPath=(?!none)[^"'\\]+/g, 'ControlPath=(a place for its socket)'),
  );

/** What a stack says to Terraform. */
export class Template {
  constructor(readonly json: Json) {}

  /** One resource's block; fails with the addresses that are there. */
  resource(type: string, name: string): Json {
    return this.block('resource', type, name);
  }

  variable(name: string): Json {
    return this.block('variable', name);
  }

  /** Names of all resources of a type, in the order in which they were declared. */
  names(type: string): string[] {
    return Object.keys(this.json.resource?.[type] ?? {});
  }

  private block(...path: string[]): Json {
    const [section, ...rest] = path;
    const found = path.reduce((at, key) => at?.[key], this.json);
    if (found !== undefined) return found;
    throw new Error(`no ${rest.join('.')}; ${section} has ${JSON.stringify(this.json[section!], null, 1)}`);
  }
}

/**
 * Synthesizes what `build` adds to an app, and runs the validations: `Testing.synth` leaves them out. Returns the
 * template of the stack that `build` returned.
 */
export function synthApp(build: (app: App) => SwarmStack): Template {
  const outdir = mkdtempSync(join(tmpdir(), 'synth-'));
  try {
    const app = new App({ outdir });
    const { node } = build(app);
    app.synth();
    return new Template(JSON.parse(readFileSync(join(outdir, 'stacks', node.id, 'cdk.tf.json'), 'utf8')));
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

export const connection = Connection.fromEnvironment({ VPS_HOST: '203.0.113.10', VPS_USER: 'root' });

/** A stack `swarm` in the namespace `acme` that holds what `build` puts into it. */
export function synthStack(
  build: (stack: SwarmStack) => unknown,
  props: Partial<SwarmStackProps> = {},
): Template {
  return synthApp((app) => {
    const stack = newStack(app, props);
    build(stack);
    return stack;
  });
}

/** An app to build in and never to synthesize: cdktf makes an app's folder at once, here one that is there. */
export const newApp = (): App => new App({ outdir: tmpdir() });

export const newStack = (app: Construct = newApp(), props: Partial<SwarmStackProps> = {}): SwarmStack =>
  new SwarmStack(app, 'swarm', { namespace: 'acme', connection, state: { kind: 'local' }, ...props });
