import { GitHub } from '../../../../../add-ons/github/api/api';
import { FakeGitHub } from '../../../../real/add-ons/github/workflows/support/fake-github';

let fake: FakeGitHub;
beforeEach(async () => {
  fake = await FakeGitHub.start();
});
afterEach(() => fake.stop());
const github = (env = {}) => new GitHub({ ...fake.env, ...env }, 1);

test.each([500, 502, 503])('waits out a failure of GitHub: %d', async (status) => {
  fake.failures = [{ status }, { status }];
  await expect(github().request('GET', '/issues')).resolves.toEqual([]);
  expect(fake.requests).toHaveLength(3);
});

test.each([
  [{ status: 429, headers: { 'retry-after': '0' } }],
  [{ status: 403, headers: { 'retry-after': '0' } }],
])('waits as long as a limit says, also to write: %j', async (limit) => {
  fake.failures = [limit];
  await expect(github().request('POST', '/issues', { title: 'a', body: 'b' })).resolves.toMatchObject({
    number: 100,
  });
});

test('does not write twice what may have been written', async () => {
  fake.failures = [{ status: 502 }];
  await expect(github().request('POST', '/issues', { title: 'a', body: 'b' })).rejects.toThrow(
    'with 502: not now',
  );
  expect(fake.requests).toHaveLength(1);
});

test('gives up after four tries', async () => {
  fake.failures = Array.from({ length: 9 }, () => ({ status: 500 }));
  await expect(github().request('GET', '/issues')).rejects.toThrow(
    'GitHub answers GET /issues with 500: not now',
  );
  expect(fake.requests).toHaveLength(4);
});

test.each([
  [
    { GITHUB_TOKEN: 'wrong' },
    "GitHub answers GET /issues with 401: Bad credentials\n  the job's `permissions:`",
  ],
  [{ GITHUB_TOKEN: '' }, 'GITHUB_TOKEN is not set'],
  [{ GITHUB_REPOSITORY: 'x; id' }, 'GITHUB_REPOSITORY is not owner/name'],
  [{ GITHUB_API_URL: 'http://127.0.0.1:9' }, 'GitHub does not answer GET /issues: '],
])('says what is wrong and never the token: %j', async (env, words) => {
  const asked = async () => github(env).request('GET', '/issues');
  await expect(asked()).rejects.toThrow(words);
  await expect(asked()).rejects.not.toThrow(/the-token|wrong/);
});
