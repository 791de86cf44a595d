import { join } from 'node:path';
import type { Lab } from '../../lab/cluster/infrastructure';
import { withLabLock } from '../../lab/cluster/lock';
import { deployCompose } from '../../lab/deploy/compose';
import { fitOf, removeUnknown } from '../../lab/deploy/known';
import { whyNotTerraform } from '../../lab/deploy/providers';
import { type LabTarget, NAMESPACE, targetOf } from '../../lab/deploy/target';
import { deployWithTerraform, synthesize } from '../../lab/deploy/terraform';
import { docker } from '../../lab/engine/docker';
import { Scissors } from './cut';
import { type Endpoint, endpointOf, untilServing } from './lab';
import { allImages, type Variant } from './patch';
import { Project } from './project';

/** What every variant starts with: tags from the catalogue, since `IMAGE_TAG` would give all applications one. */
export const BASE: Variant = { images: allImages('v1') };

/** Where processes wait seconds for a processor, health checks of 3 s would end healthy tasks. */
const PATIENT: Variant = {
  patient: {
    catalogue: `const { Duration } = constructs;
(platform.environments.lab as any).healthcheckMinimum = { startPeriod: Duration.minutes(1), interval: Duration.seconds(10), timeout: Duration.seconds(20) };`,
  },
};

/** The platform on a running lab, deployed from a copy of the project with patches. */
export class Bench {
  private readonly project: Project;
  private targeted: LabTarget;
  private readonly base: Variant;
  private readonly written: LabTarget['secrets'];
  private current: Variant | undefined;
  private clean = false;
  private form: 'terraform' | 'compose' | undefined;

  /** Can cut off a deploy at something that it prints. */
  readonly scissors: Scissors;
  readonly endpoint: Endpoint;

  constructor(
    readonly lab: Lab,
    root: string,
    private readonly show: (line: string) => void,
    /** Health checks that bear with a busy machine. */
    patient = false,
  ) {
    this.base = patient ? { ...BASE, ...PATIENT } : BASE;
    this.scissors = new Scissors(lab.paths);
    this.endpoint = endpointOf(lab);
    this.project = new Project(root, join(lab.paths.dir, 'bench'));
    const target = targetOf(lab);
    this.targeted = { ...target, env: { ...target.env, IMAGE_TAG: '' } };
    this.written = target.secrets;
    // The lab's deploy runs what is in the current folder.
    process.chdir(this.project.folder);
  }

  /** What a deploy says, and what is said of it. */
  readonly print = (line: string): void => {
    this.show(line);
    this.scissors.see(line);
  };

  get target(): LabTarget {
    return this.targeted;
  }

  /** Values of secrets and variables for the deploys to come, in place of those before. */
  give(values: Readonly<Record<string, string>>): void {
    const { secrets, env } = this.targeted;
    const variables = Object.entries(values).map(([name, value]) => [`TF_VAR_${name}`, value]);
    this.targeted = {
      ...this.targeted,
      secrets: { ...secrets, ...values },
      env: { ...env, ...Object.fromEntries(variables) },
    };
    this.clean = false;
  }

  /** Whether there are no providers, so that the compose form is deployed. Known after the first deploy. */
  get deploysCompose(): boolean {
    return this.form === 'compose';
  }

  /** The named patches now, the base's among them. */
  get variant(): Variant {
    return this.current ?? this.base;
  }

  /** The secrets and the platform as they are written; secrets that the lab does not have go. */
  async restore(): Promise<void> {
    const emptied = Object.fromEntries(Object.keys(this.target.secrets).map((name) => [name, '']));
    const secrets = { ...emptied, ...this.written };
    if (JSON.stringify(secrets) !== JSON.stringify(this.target.secrets)) this.give(secrets);
    await this.deploy({});
  }

  /**
   * Deploys a variant through the same way as the lab; nothing happens when it is known to run already, unless `always`.
   *
   * @throws LabError when the apply fails
   */
  async deploy(wanted: Variant, always = false): Promise<void> {
    const variant = { ...this.base, ...wanted };
    if (!always && this.clean && JSON.stringify(variant) === JSON.stringify(this.current)) return;
    this.project.become(variant);
    // A deploy that fails leaves the variant of before, as far as Swarm could put it back.
    this.clean = false;
    await withLabLock(this.lab.paths, async () => {
      await synthesize(this.target);
      if ((await this.formOf()) === 'compose') await deployCompose(this.target, this.print);
      else await deployWithTerraform(this.target, this.print);
    });
    this.current = variant;
    this.clean = true;
  }

  /** Makes the copy of the project a variant, for another way to deploy it; the next `deploy` applies again. */
  write(wanted: Variant): void {
    this.project.become({ ...this.base, ...wanted });
    this.clean = false;
  }

  /** What one scenario left must not fail in the next. */
  settle(): Promise<void> {
    return untilServing(this.lab, 90);
  }

  /** What an interrupted deploy made and the state does not know, as `./proctor lab up` does it. */
  async removeUnknown(): Promise<void> {
    await removeUnknown(this.lab.paths, await fitOf(this.lab.paths), this.print);
  }

  docker(args: readonly string[], input?: string): Promise<string> {
    return docker(this.lab.paths, args, input === undefined ? {} : { input });
  }

  /** What a service's tasks have written since then, errors included. @param since seconds since 1970 */
  logs(service: string, since: number): Promise<string> {
    const args = ['service', 'logs', '--raw', '--since', String(since), `${NAMESPACE}_${service}`];
    return docker(this.lab.paths, args, { withErrors: true });
  }

  /** By hand, which Terraform takes as a service that is gone. */
  async takeAway(service: string): Promise<void> {
    await this.docker(['service', 'rm', `${NAMESPACE}_${service}`]);
    this.clean = false;
  }

  /** nginx's image as `nginx:1.30-bench`, of another digest. */
  async publishSecondNginx(): Promise<void> {
    const name = `${this.lab.registry}/nginx:1.30`;
    await this.docker(['build', '--quiet', '--tag', `${name}-bench`, '-'], `FROM ${name}\nLABEL bench=1\n`);
    await this.docker(['push', '--quiet', `${name}-bench`]);
  }

  remove(): void {
    process.chdir('/');
    this.project.remove();
  }

  private async formOf(): Promise<'terraform' | 'compose'> {
    if (!this.form) {
      const byHand = (await fitOf(this.lab.paths)).madeByHand;
      const reason = byHand ? 'the stack that runs was deployed so' : await whyNotTerraform(this.target);
      if (reason) this.print(`deploying the compose form: ${reason}`);
      this.form = reason ? 'compose' : 'terraform';
    }
    return this.form;
  }
}
