import { readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { PORTS } from '../../lab/deploy/target';
import { forget, type Ran, runJob } from '../real/add-ons/github/workflows/support/job';
import { workflow } from '../real/add-ons/github/workflows/support/workflow';
import { ProjectCopy } from '../support/programs/project-copy';
import { tell } from './support/http';
import {
  describeLab,
  operator,
  runningLab,
  runningTarget,
  serviceIds,
  tasks,
  testTerraform,
} from './support/lab';

/**
 * The workflow `deploy` on the lab, with nothing stood in for: its own steps, Terraform's providers, ssh, Swarm. Only
 * GitHub is not there: this test hands the steps what GitHub would.
 */
describeLab('the workflow deploy', () => {
  const project = new ProjectCopy();
  const jobs: Ran[] = [];
  afterAll(() => {
    jobs.forEach(forget);
    project.remove();
  });

  /** The lab's variables as secrets, and as variables of the runner what GitHub would not know. */
  async function deploy(): Promise<Ran> {
    const { lab, variables, secrets } = runningTarget();
    const at = (name: string) => readFileSync(join(lab.paths.ssh, name), 'utf8');
    const { PLATFORM_ENVIRONMENT, IMAGE_REGISTRY, IMAGE_TAG, IMAGE_LOCK, SECRET_SALTS } = variables;
    const ran = await runJob(workflow('deploy').jobs.deploy!, {
      folder: project.folder,
      github: { event_name: 'push', ref: 'refs/heads/main', sha: 'a'.repeat(40) },
      needs: { images: { result: 'skipped' }, checked: { result: 'success' } },
      vars: {
        VPS_PUBLIC_HOST: runningLab().address,
        TERRAFORM_BINARY_NAME: process.env.TERRAFORM_BINARY_NAME ?? '',
      },
      secrets: {
        VPS_HOST: variables.VPS_HOST!,
        VPS_USER: variables.VPS_USER!,
        VPS_PORT: variables.VPS_PORT!,
        VPS_SSH_KEY: at('client_key'),
        VPS_KNOWN_HOSTS: at('known_hosts'),
        ...Object.fromEntries(Object.entries(secrets).map(([name, value]) => [name.toUpperCase(), value])),
        SMTP_HOST: variables.TF_VAR_smtp_host!,
        SMTP_PORT: variables.TF_VAR_smtp_port!,
        // The lab keeps its state in a file, which asks for nothing.
        PG_CONN_STR: 'postgres://nobody@127.0.0.1/none',
      },
      env: {
        ...({ PLATFORM_ENVIRONMENT, IMAGE_REGISTRY, IMAGE_TAG, IMAGE_LOCK, SECRET_SALTS } as Record<
          string,
          string
        >),
        HTTP_PORT: String(PORTS.http),
        HTTPS_PORT: String(PORTS.https),
        // Where Terraform looks for its own configuration.
        HOME: process.env.HOME ?? '',
        ...(process.env.TF_CLI_CONFIG_FILE ? { TF_CLI_CONFIG_FILE: process.env.TF_CLI_CONFIG_FILE } : {}),
      },
    });
    jobs.push(ran);
    return ran;
  }

  beforeAll(() => symlinkSync(runningLab().paths.dir, project.path('.lab')));

  const succeeded = (ran: Ran) => {
    if (ran.result !== 'success') throw new Error(`${ran.result}\n${ran.log}`);
  };

  testTerraform('with nothing to do changes nothing, and says so on its page', async () => {
    const before = [await tasks(), await serviceIds()];
    const ran = await deploy();
    succeeded(ran);
    expect([await tasks(), await serviceIds()]).toEqual(before);
    expect(ran.summary).toMatch(/nothing to do/);
    expect(ran.summary).toContain('✅ https://…/health answers 200');
    for (const value of Object.values(runningTarget().secrets).filter((one) => one.length > 8)) {
      expect(ran.log + ran.summary).not.toContain(value);
    }
  });

  testTerraform(
    'undoes what somebody did by hand, told before and after, and stops no other task',
    async () => {
      await operator('service', 'scale', 'proctorwise_analyticsservice=2');
      const before = await tasks();
      const ran = await deploy();
      succeeded(ran);
      const now = await tasks();
      expect(before).toEqual(expect.arrayContaining(now));
      expect(now).toHaveLength(before.length - 1);
      expect(ran.summary).toMatch(/analyticsservice.*scaled by hand to 2/);
      expect(ran.summary).toContain('## Deploy of `swarm-lab`: ✅ converged');
      expect(
        await operator(
          'service',
          'inspect',
          '-f',
          '{{.Spec.Mode.Replicated.Replicas}}',
          'proctorwise_analyticsservice',
        ),
      ).toBe('1');
      expect(await tell('/analytics')).toMatchObject({ status: 200 });
    },
  );
});
