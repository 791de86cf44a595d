import { writeFileSync } from 'node:fs';
import { useDeployment } from './support/deployment';
import { FakeGitHub } from './support/fake-github';
import { forget, type Ran, runJob } from './support/job';
import { workflow } from './support/workflow';

const { images } = workflow('deploy').jobs;
const deployment = useDeployment();
const jobs: Ran[] = [];
afterEach(() => jobs.splice(0).forEach(forget));

describe('images that the applications send', () => {
  const DIGEST = `sha256:${'ab'.repeat(32)}`;
  let fake: FakeGitHub;
  beforeEach(async () => {
    fake = await FakeGitHub.start();
    writeFileSync(deployment.project.path('images.lock.json'), '{}\n');
  });
  afterEach(() => fake.stop());

  async function send(payload: object): Promise<Ran> {
    const github = {
      event_name: 'repository_dispatch',
      ref: 'refs/heads/main',
      event: { client_payload: payload },
    };
    const ran = await runJob(images!, { folder: deployment.project.folder, github, env: fake.env });
    jobs.push(ran);
    return ran;
  }

  test('are one commit on the branch, and that commit is what is deployed', async () => {
    const ran = await send({ images: { userservice: DIGEST }, source: 'acme/proctorwise@1a2b3c4' });
    expect(ran.log).not.toContain('::error');
    expect(fake.commits).toMatchObject([
      {
        branch: 'main',
        message: "Images: userservice\n\nSent by the applications' CI from acme/proctorwise@1a2b3c4.\n",
        text: `{\n  "ghcr.io/proctorwise/proctorwise-userservice:1.0.0": "${DIGEST}"\n}\n`,
      },
    ]);
    expect(ran.outputs).toEqual({ sha: '1'.repeat(40) });
    const refs: string[] = [];
    const needs = {
      images: { result: 'success', outputs: ran.outputs },
      checked: { result: 'success' },
    };
    const github = { event_name: 'repository_dispatch', ref: 'refs/heads/main', sha: 'a'.repeat(40) };
    await deployment.run({ github, needs, actions: { 'actions/checkout': ({ ref }) => refs.push(ref!) } });
    expect(refs).toEqual(['1'.repeat(40)]);
  });

  test('that are there already make no commit', async () => {
    fake.file = `{\n  "ghcr.io/proctorwise/proctorwise-userservice:1.0.0": "${DIGEST}"\n}\n`;
    const ran = await send({ images: { userservice: DIGEST } });
    expect(fake.commits).toEqual([]);
    expect(ran.outputs).toEqual({ sha: '0'.repeat(40) });
  });

  test.each([
    [{ images: { 'no-such-service': DIGEST } }, 'no-such-service is neither a service nor an image'],
    [{ images: { userservice: 'latest' } }, 'has no digest for userservice'],
    [{ images: { '$(touch pwned)': DIGEST } }, 'has a name in `images` that is neither a service'],
    [{}, 'has no object `images`'],
  ])('and make no sense deploy nothing: %j', async (payload, words) => {
    const ran = await send(payload);
    expect(ran.result).toBe('failure');
    expect(ran.log).toContain(words);
    expect(fake.commits).toEqual([]);
    const github = { event_name: 'repository_dispatch', ref: 'refs/heads/main' };
    expect((await deployment.run({ github, needs: { images: { result: 'failure' } } })).result).toBe(
      'skipped',
    );
  });

  test('are no part of a push', async () => {
    const github = { event_name: 'push', ref: 'refs/heads/main' };
    expect((await runJob(images!, { folder: deployment.project.folder, github })).result).toBe('skipped');
  });
});
