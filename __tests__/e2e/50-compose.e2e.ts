import { randomUUID } from 'node:crypto';
import { deployWithTerraform, synthesize } from '../../lab/deploy/terraform';
import { eventually } from '../../lab/ground/shell';
import { post, tell } from './support/http';
import {
  describeLab,
  expectSuccess,
  npmRunLab,
  operator,
  runningTarget,
  serviceIds,
  tasks,
  testTerraform,
} from './support/lab';

describeLab('docker stack deploy of the compose form', () => {
  test('over a stack of Terraform’s replaces no service, and says in one line what it does', async () => {
    const before = await serviceIds();
    const run = await npmRunLab(['--compose']);
    expectSuccess(run);
    expect(run.output).toMatch(
      /^Deploying the compose form with docker stack deploy: --compose was given\.$/m,
    );
    expect(await serviceIds()).toEqual(before);
  });

  test('once more restarts no task', async () => {
    const before = await tasks();
    expectSuccess(await npmRunLab(['--compose']));
    expect(await tasks()).toEqual(before);
  });

  testTerraform('cdktf deploy after it replaces no service', async () => {
    const before = await serviceIds();
    const run = await npmRunLab();
    expectSuccess(run);
    expect(run.output).toMatch(/Apply complete!|nothing to change/);
    expect(await serviceIds()).toEqual(before);
  });

  test('after docker stack rm it starts with the old data', async () => {
    const mark = randomUUID();
    expect(await post('/corrections', { mark })).toMatchObject({ status: 201 });
    await removeStack();
    expectSuccess(await npmRunLab(['--compose']));
    expect(JSON.stringify((await tell('/corrections/rows')).rows)).toContain(mark);
  });

  testTerraform('./proctor lab up then stays with it, and says the way back to Terraform', async () => {
    const before = await tasks();
    const run = await npmRunLab();
    expectSuccess(run);
    expect(run.output).toContain('docker stack rm proctorwise');
    expect(await tasks()).toEqual(before);
  });

  testTerraform('cdktf deploy then stops and touches no service', async () => {
    const before = await tasks();
    const target = runningTarget();
    await synthesize(target);
    await expect(deployWithTerraform(target, () => {})).rejects.toThrow(
      /(already exists|cannot be destroyed)[\s\S]*docker stack rm proctorwise/,
    );
    expect(await tasks()).toEqual(before);
  });

  testTerraform('once the stack is removed Terraform deploys it anew', async () => {
    await removeStack();
    const run = await npmRunLab();
    expectSuccess(run);
    expect(run.output).toMatch(/Apply complete!/);
  });
});

async function removeStack(): Promise<void> {
  // On a busy machine the network still has tasks that end when Docker is asked to remove it: "is in use by task".
  const removed = () =>
    operator('stack', 'rm', 'proctorwise').then(
      () => true,
      (error: Error) => {
        if (/is in use by task/.test(error.message)) return false;
        throw error;
      },
    );
  expect(await eventually(60, removed)).toBe(true);
  const filter = ['--quiet', '--filter', 'label=com.docker.stack.namespace=proctorwise'];
  const isGone = async () =>
    (await operator('ps', '--all', ...filter)) === '' && (await operator('network', 'ls', ...filter)) === '';
  expect(await eventually(120, isGone)).toBe(true);
}
