import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PlatformSpec } from '../../../../../constructs';
import { Workplace } from '../../../../support/platform/platform';
import type { Json } from '../../../../support/platform/template';

/** What a scenario's platform is synthesized from. */
export interface Situation {
  readonly spec: PlatformSpec;
  /** Values of TF_VAR_*, over the usual ones. */
  readonly variables?: Readonly<Record<string, string>>;
  /** What no catalogue can say: changes the synthesized JSON in place. */
  readonly edit?: (json: Json) => void;
}

/** Good for nothing: they never leave the engine that the fixtures are made with. */
const VARIABLES = {
  db_password: 'not-a-secret-at-all-1',
  session_key: 'not-a-secret-at-all-but-of-32-letters',
  smtp_password: 'not-a-secret-either',
  smtp_host: 'mail.example.com',
};

/** One platform on one engine, with its state, in a folder that goes with it. */
export class Project {
  private readonly folder = mkdtempSync(join(tmpdir(), 'plans-'));
  private readonly stack = join(this.folder, 'stack');
  private imports: readonly object[] = [];
  applied = false;
  /** Of the last apply or plan. */
  private env: NodeJS.ProcessEnv = process.env;

  constructor(private readonly host: string) {
    mkdirSync(this.stack);
  }

  apply(situation: Situation): void {
    const env = this.write(situation);
    this.terraform(['apply', '-auto-approve', '-input=false', '-no-color'], env);
    this.applied = true;
  }

  /** An apply that must fail. */
  applyInVain(situation: Situation): void {
    try {
      this.apply(situation);
    } catch {
      return;
    }
    throw new Error('the apply was to fail, and did not');
  }

  /** `terraform show -json` of what an apply would do. */
  plan(situation: Situation): Json {
    const env = this.write(situation);
    this.terraform(['plan', '-input=false', '-no-color', '-out=plan'], env);
    return JSON.parse(this.terraform(['show', '-json', 'plan'], env));
  }

  docker(...args: string[]): string {
    const env = { ...process.env, DOCKER_HOST: this.host };
    return execFileSync('docker', args, { encoding: 'utf8', env, stdio: ['ignore', 'pipe', 'pipe'] }).trim();
  }

  taint(address: string): void {
    this.terraform(['taint', address], this.env);
  }

  /** The state loses services, and gets them back from what runs. */
  importAgain(...services: string[]): void {
    for (const service of services) {
      const id = this.docker('service', 'inspect', '-f', '{{.ID}}', `acme_${service}`);
      this.terraform(['state', 'rm', `docker_service.${service}`], this.env);
      this.terraform(['import', '-input=false', '-no-color', `docker_service.${service}`, id], this.env);
    }
  }

  /** With `docker stack deploy`, for Terraform to take over: a service, its network, its volume. */
  deployByHand(name: string, compose: string): void {
    const file = join(this.folder, 'compose.yml');
    writeFileSync(file, compose);
    this.docker('stack', 'deploy', '--detach=true', '--resolve-image', 'never', '-c', file, name);
    this.docker('volume', 'create', '--label', `com.docker.stack.namespace=${name}`, `${name}_data`);
    const idOf = (kind: string, full: string) =>
      this.docker(kind, 'inspect', '-f', kind === 'volume' ? '{{.Name}}' : '{{.ID}}', full);
    this.imports = [
      { to: `docker_service.${name}`, id: idOf('service', `${name}_web`) },
      { to: `docker_network.${name}`, id: idOf('network', `${name}_default`) },
      { to: `docker_volume.${name}`, id: idOf('volume', `${name}_data`) },
    ];
  }

  /** Nothing is left, neither in Terraform's state nor on the engine. */
  reset(): void {
    rmSync(this.stack, { recursive: true, force: true });
    mkdirSync(this.stack);
    this.imports = [];
    for (const kind of ['service', 'secret', 'config', 'volume', 'network']) this.removeAll(kind);
  }

  /** Until none is listed: tasks that are still ending hold their volumes and networks for a moment. */
  private removeAll(kind: string): void {
    for (let left = 120; left > 0; left -= 1) {
      const names = this.made(kind);
      if (names.length === 0) return;
      try {
        this.docker(kind, 'rm', ...names);
      } catch {
        // Gone since, or still in use.
      }
      execFileSync('sleep', ['0.5']);
    }
    throw new Error(`a ${kind} cannot be removed from ${this.host}`);
  }

  /** What scenarios made: their names begin with a namespace. No filter: the engine's do not apply to a Swarm's networks. */
  private made(kind: string): string[] {
    const names = this.docker(kind, 'ls', '--format', '{{.Name}}').split('\n');
    return names.filter((name) => /^(acme|legacy)_/.test(name));
  }

  remove(): void {
    this.reset();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private write({ spec, variables, edit }: Situation): NodeJS.ProcessEnv {
    const workplace = new Workplace();
    try {
      const shell = { VPS_HOST: '203.0.113.10', VPS_USER: 'root', ALLOW_DESTROY: '1' };
      const { json, outdir } = workplace.synth(spec, 'lab', shell);
      json.provider.docker[0] = { host: this.host };
      json.terraform.backend = { local: { path: 'state.tfstate' } };
      // No task of these images ever runs, so that no gate could pass: they take part in the plan alone.
      for (const step of Object.values<Json>(json.resource.null_resource)) delete step.provisioner;
      edit?.(json);
      if (this.imports.length > 0) json.import = this.imports;
      cpSync(join(outdir, 'stacks', 'swarm-lab', 'assets'), join(this.stack, 'assets'), { recursive: true });
      writeFileSync(join(this.stack, 'cdk.tf.json'), JSON.stringify(json));
    } finally {
      workplace.remove();
    }
    const given = Object.entries({ ...VARIABLES, ...variables });
    const env = {
      ...process.env,
      ...Object.fromEntries(given.map(([name, value]) => [`TF_VAR_${name}`, value])),
      CHECKPOINT_DISABLE: '1',
    };
    this.env = env;
    if (!existsSync(join(this.stack, '.terraform')))
      this.terraform(['init', '-input=false', '-no-color'], env);
    return env;
  }

  private terraform(args: string[], env: NodeJS.ProcessEnv): string {
    const options = { cwd: this.stack, env, encoding: 'utf8' as const, maxBuffer: 2 ** 28 };
    try {
      return execFileSync('terraform', args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    } catch (error) {
      // It quotes the line of an error, and the configuration is one line.
      const lines = String((error as { stderr?: string }).stderr).split('\n');
      throw new Error(`terraform ${args[0]}: ${lines.map((line) => line.slice(0, 160)).join('\n')}`);
    }
  }
}
