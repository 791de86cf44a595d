import { join } from 'node:path';
import type { Lab } from '../../lab/cluster/infrastructure';
import { withLabLock } from '../../lab/cluster/lock';
import { deployCompose } from '../../lab/deploy/compose';
import { fitOf } from '../../lab/deploy/known';
import { whyNotTerraform } from '../../lab/deploy/providers';
import { askRoutes, expectAnswers } from '../../lab/deploy/requests';
import { type LabTarget, NAMESPACE, PORTS, targetOf } from '../../lab/deploy/target';
import { deployWithTerraform, synthesize } from '../../lab/deploy/terraform';
import { docker } from '../../lab/engine/docker';
import { sleep } from '../../lab/ground/shell';
import { Project, type Variant } from './project';

/** The applications' tags come from the catalogue: `IMAGE_TAG` would give all of them one. */
const TAGGED = (tag: string) =>
  `for (const service of Object.values<any>(platform.services)) service.image = service.image.replace(/:[^:/]*$/, ':${tag}');`;

/** What every variant starts with. */
const BASE: Variant = { images: { catalogue: TAGGED('v1') } };

/** Where processes wait seconds for a processor, health checks of 3 s would end healthy tasks. */
const PATIENT: Variant = {
  patient: {
    catalogue: `const { Duration } = constructs;
(platform.environments.lab as any).healthcheckMinimum = { startPeriod: Duration.minutes(1), interval: Duration.seconds(10), timeout: Duration.seconds(20) };`,
  },
};
export const allImages = (tag: string) => ({ catalogue: TAGGED(tag) });
export const oneImage = (service: string, tag: string) => ({
  catalogue: `platform.services.${service}.image = platform.services.${service}.image.replace(/:[^:/]*$/, ':${tag}');`,
});

/** The platform on a running lab, deployed from a copy of the project with patches. */
export class Bench {
  private readonly project: Project;
  private targeted: LabTarget;
  private readonly base: Variant;
  private current: Variant | undefined;
  private clean = false;
  private form: 'terraform' | 'compose' | undefined;

  constructor(
    readonly lab: Lab,
    root: string,
    private readonly print: (line: string) => void,
    /** Health checks that bear with a busy machine. */
    patient = false,
  ) {
    this.base = patient ? { ...BASE, ...PATIENT } : BASE;
    this.project = new Project(root, join(lab.paths.dir, 'bench'));
    const target = targetOf(lab);
    this.targeted = { ...target, env: { ...target.env, IMAGE_TAG: '' } };
    // The lab's deploy runs what is in the current folder.
    process.chdir(this.project.folder);
  }

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

  get door() {
    return { address: this.lab.address, port: PORTS.https };
  }

  /** The named patches now, the base's among them. */
  get variant(): Variant {
    return this.current ?? this.base;
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

  /** Until every route answers, and for a while: what one scenario left must not fail in the next. */
  async settle(seconds = 90): Promise<void> {
    const end = Date.now() + seconds * 1000;
    for (let good = 0; good < 3; ) {
      try {
        expectAnswers(await askRoutes(this.lab));
        good++;
      } catch (error) {
        good = 0;
        if (Date.now() > end) throw error;
      }
      await sleep(0.5);
    }
  }

  docker(args: readonly string[], input?: string): Promise<string> {
    return docker(this.lab.paths, args, input === undefined ? {} : { input });
  }

  /** By hand, which Terraform takes as a service that is gone. */
  async takeAway(service: string): Promise<void> {
    await this.docker(['service', 'rm', `${NAMESPACE}_${service}`]);
    this.clean = false;
  }

  /** nginx's image under another tag, of another digest. */
  async secondNginx(): Promise<string> {
    const name = `${this.lab.registry}/nginx:1.30`;
    await this.docker(['build', '--quiet', '--tag', `${name}-bench`, '-'], `FROM ${name}\nLABEL bench=1\n`);
    await this.docker(['push', '--quiet', `${name}-bench`]);
    return 'nginx:1.30-bench';
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
