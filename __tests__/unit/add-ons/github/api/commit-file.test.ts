import { GitHub } from '../../../../../add-ons/github/api/api';
import { commitFile } from '../../../../../add-ons/github/api/commit-file';
import { FakeGitHub } from '../../../../real/add-ons/github/workflows/support/fake-github';

let fake: FakeGitHub;
beforeEach(async () => {
  fake = await FakeGitHub.start();
});
afterEach(() => fake.stop());

const commit = (change: (text: string) => Promise<string>) =>
  commitFile(new GitHub(fake.env, 1), {
    branch: 'main',
    path: 'images.lock.json',
    message: 'Images: web',
    change,
  });
const add = (key: string) => async (text: string) =>
  `${JSON.stringify({ ...JSON.parse(text), [key]: 'new' }, null, 2)}\n`;

test('is one commit on the branch, and its name', async () => {
  expect(await commit(add('web'))).toEqual({ sha: '1'.repeat(40), changed: true });
  expect(fake.commits).toMatchObject([
    { branch: 'main', message: 'Images: web', text: '{\n  "web": "new"\n}\n' },
  ]);
});

test('is none when there is nothing to change: the head it is', async () => {
  expect(await commit(async (text) => text)).toEqual({ sha: '0'.repeat(40), changed: false });
  expect(fake.commits).toEqual([]);
});

test('keeps what somebody else has committed in between', async () => {
  fake.beforePut = () => {
    fake.beforePut = () => undefined;
    fake.file = '{"api":"theirs"}';
    return undefined;
  };
  expect((await commit(add('web'))).changed).toBe(true);
  expect(JSON.parse(fake.file)).toEqual({ api: 'theirs', web: 'new' });
});

test('gives up when somebody else is always quicker', async () => {
  let times = 0;
  fake.beforePut = () => {
    times += 1;
    fake.file = JSON.stringify({ times });
    return undefined;
  };
  await expect(commit(add('web'))).rejects.toThrow('with 409');
  expect(times).toBe(5);
});

test('says so when the branch is protected', async () => {
  fake.beforePut = () => [403, { message: 'Resource not accessible by integration' }];
  await expect(commit(add('web'))).rejects.toThrow(
    /Resource not accessible by integration; the branch main may be protected\n {2}let the workflow through/,
  );
});
