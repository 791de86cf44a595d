import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, symlinkSync } from 'node:fs';
import { terraformProgram } from '../../operations/terraform/program';
import { ProjectCopy, type Run } from '../support/programs/project-copy';
import { describeLab, operator, runningLab, runningTarget, testTerraform } from './support/lab';

const PROVED = 'the server holds exactly what the last deploy left';
/** Nobody asked Terraform for a plan. */
const EMPTY = `${PROVED}, and there is nothing new to plan`;

describeLab('a state that is proved fresh', () => {
  const project = new ProjectCopy();
  afterAll(() => project.remove());
  const program = (verb: string, ...args: string[]): Promise<Run> => {
    const { env } = runningTarget();
    const variables = Object.entries(env).filter(
      (entry): entry is [string, string] => entry[1] !== undefined,
    );
    return project.runBeside(verb, ['--environment', 'lab', ...args], Object.fromEntries(variables));
  };

  beforeAll(() => {
    // The lab and this project have one state, as two checkouts have that share a bucket.
    symlinkSync(runningLab().paths.dir, project.path('.lab'));
    for (const name of ['.terraform.lock.hcl']) if (existsSync(name)) cpSync(name, project.path(name));
  });

  testTerraform(
    'after a deploy nothing is read or planned again, and Terraform itself would have found nothing',
    async () => {
      expect((await program('deploy', '--yes')).status).toBe(0);
      const again = await program('deploy', '--yes');
      expect(again.stdout).toContain(EMPTY);
      expect(again.stdout).toContain('nothing to do');
      const looked = await program('plan', '--refresh');
      expect(looked.stdout).toContain('nothing to do');
      expect([again.status, looked.status]).toEqual([0, 0]);
    },
  );

  testTerraform('changed by hand it is read, and taken back by hand it is not', async () => {
    await operator('service', 'scale', '--detach', 'proctorwise_userservice=3');
    const scaled = await program('plan');
    expect(scaled.stdout).toContain('service proctorwise_userservice was changed since the last deploy');
    expect(scaled.stdout).toMatch(/update +userservice/);
    expect(scaled.status).toBe(2);
    await operator('service', 'scale', '--detach', 'proctorwise_userservice=2');
    const back = await program('plan');
    expect(back.stdout).toContain(PROVED);
    expect(back.status).toBe(0);
  });

  testTerraform('a label, which Terraform ignores, is a reason to read, too', async () => {
    await operator('service', 'update', '--quiet', '--detach', '--label-add', 'note=x', 'proctorwise_edge');
    expect((await program('plan')).stdout).toContain('service proctorwise_edge was changed');
    await operator('service', 'update', '--quiet', '--detach', '--label-rm', 'note', 'proctorwise_edge');
    expect((await program('plan')).stdout).toContain(PROVED);
  });

  testTerraform(
    'mounts that an update by hand has sorted: the plan says that tasks roll, and so they do',
    async () => {
      const service = 'proctorwise_monitoringservice';
      const MOUNTS = '{{range .Spec.TaskTemplate.ContainerSpec.Mounts}}{{.Target}} {{end}}';
      const mounts = () => operator('service', 'inspect', '--format', MOUNTS, service);
      const written = await mounts();
      await operator('service', 'update', '--quiet', '--update-delay', '3s', service);
      expect(await mounts()).not.toBe(written);
      const plan = await program('plan');
      expect(plan.stdout).toMatch(/update +monitoringservice +update_config .* rolling, start-first/);
      expect(plan.stdout).toContain('its mounts are on the server in another order');
      const deploy = await program('deploy', '--yes');
      expect(deploy.status).toBe(0);
      expect(`${deploy.stdout}${deploy.stderr}`).toMatch(
        /proctorwise_monitoringservice converged in .*[1-9]\d* tasks? replaced/,
      );
      expect(await mounts()).toBe(written);
      // The state that was left is as the plan said: nobody plans, and Terraform finds nothing indeed.
      expect((await program('deploy', '--yes')).stdout).toContain(EMPTY);
      expect((await program('plan', '--refresh')).stdout).toContain('nothing to do');
    },
  );

  testTerraform(
    'a taint is a reason to read, and so is a state that was written past the deploy',
    async () => {
      const terraform = (...args: string[]) =>
        execFileSync(terraformProgram(), args, { cwd: project.path('cdktf.out.plan-lab/stacks/swarm-lab') });
      terraform('taint', 'null_resource.edge_rollout');
      const tainted = await program('plan');
      expect(tainted.stdout).toContain('null_resource.edge_rollout is tainted');
      expect(tainted.status).toBe(2);
      terraform('untaint', 'null_resource.edge_rollout');
      const written = await program('plan');
      expect(written.stdout).toContain('the state is not the one that the last deploy left');
      expect(written.status).toBe(0);
      // Looked at and found to be so: the next one knows.
      expect((await program('deploy', '--yes')).status).toBe(0);
      expect((await program('plan')).stdout).toContain(PROVED);
    },
  );

  testTerraform('a cluster that is forced new out of its own data is what it was', async () => {
    const address = await operator('info', '--format', '{{.Swarm.NodeAddr}}');
    await operator('swarm', 'init', '--force-new-cluster', '--advertise-addr', address.trim());
    const plan = await program('plan');
    const looked = await program('plan', '--refresh');
    // Whatever it is called: where it is proved, Terraform itself finds nothing.
    expect([plan.status, looked.status]).toEqual([0, 0]);
    expect((await program('deploy', '--yes')).stdout).toContain('nothing to do');
    expect((await program('plan')).stdout).toContain(PROVED);
  });
});
