import { requireCi } from '../../../../../add-ons/github/api/passed-ci';
import { Runner } from '../../../../../add-ons/github/runner/runner';
import { FakeGitHub } from './support/fake-github';
import { forget, type Ran, runJob } from './support/job';
import { Project } from './support/project';
import { workflow } from './support/workflow';

const { checked, deploy } = workflow('deploy').jobs;
const SHA = 'a'.repeat(40);
const BEFORE = 'b'.repeat(40);
const PASSED = { status: 'completed', conclusion: 'success' };
const FAILED = { status: 'completed', conclusion: 'failure' };
const github = { event_name: 'push', ref: 'refs/heads/main', sha: SHA };

let fake: FakeGitHub;
let project: Project;
const jobs: Ran[] = [];
beforeAll(() => {
  project = new Project();
});
afterAll(() => project.remove());
beforeEach(async () => {
  fake = await FakeGitHub.start();
});
afterEach(async () => {
  await fake.stop();
  jobs.splice(0).forEach(forget);
});

async function run(outputs?: Record<string, string>): Promise<Ran> {
  const needs = { images: outputs ? { result: 'success', outputs } : { result: 'skipped' } };
  const ran = await runJob(checked!, { folder: project.folder, github, needs, env: fake.env });
  jobs.push(ran);
  return ran;
}

const look = (minutes = 1) =>
  requireCi({ ...fake.env, SHA }, new Runner({}, () => {}), { minutes, pollSeconds: 0.02 });

test('a commit on which ci passed goes on', async () => {
  fake.runs[SHA] = [PASSED];
  const ran = await run();
  expect(ran.log).toContain(`ci has passed on ${SHA}`);
  expect(ran.result).toBe('success');
});

test('one on which it failed is refused, though another commit has passed', async () => {
  fake.runs[SHA] = [FAILED, PASSED];
  fake.runs[BEFORE] = [PASSED];
  const ran = await run();
  expect(ran.result).toBe('failure');
  expect(ran.log).toContain(`ci ended with failure on ${SHA}, so it is not deployed; nothing was changed`);
  expect(ran.log).toContain('https://ci/1');
});

test.each(['cancelled', 'skipped', 'timed_out', null])(
  'one on which it ended with %s is refused',
  async (conclusion) => {
    fake.runs[SHA] = [{ status: 'completed', conclusion }];
    await expect(look()).rejects.toThrow(`ci ended with ${conclusion} on ${SHA}`);
  },
);

test('one on which it is under way is waited for', async () => {
  fake.runs[SHA] = [{ status: 'in_progress', conclusion: null }];
  const timer = setInterval(() => {
    if (fake.requests.length > 0) fake.runs[SHA] = [PASSED];
  }, 5);
  await look();
  clearInterval(timer);
  expect(fake.requests.length).toBeGreaterThan(1);
});

test('one on which it does not end, or never ran, is refused in the end', async () => {
  fake.runs[SHA] = [{ status: 'queued', conclusion: null }];
  await expect(look(0)).rejects.toThrow(`ci has not ended on ${SHA}`);
  delete fake.runs[SHA];
  fake.history[SHA] = { files: ['services.config.ts', 'images.lock.json'], parent: BEFORE };
  fake.runs[BEFORE] = [PASSED];
  await expect(look(0)).rejects.toThrow(`ci has not run on ${SHA}`);
});

test('a commit of new digests alone, on which GitHub runs nothing, has passed with the one before it', async () => {
  const images = 'c'.repeat(40);
  fake.history[images] = { files: ['images.lock.json'], parent: SHA };
  fake.runs[SHA] = [PASSED];
  expect((await run({ sha: images })).log).toContain(`ci has passed on ${SHA}`);
  fake.runs[SHA] = [FAILED];
  expect((await run({ sha: images })).result).toBe('failure');
});

test('nothing is deployed that was not checked', async () => {
  for (const result of ['failure', 'skipped', 'cancelled']) {
    const needs = { images: { result: 'skipped' }, checked: { result } };
    const ran = await runJob(deploy!, { folder: project.folder, github, needs });
    jobs.push(ran);
    expect(ran.result).toBe('skipped');
  }
});
