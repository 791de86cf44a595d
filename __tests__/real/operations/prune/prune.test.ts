import { run as lockAll, reasonOf } from '../../../../cli/run/lock';
import { run as pruneAll } from '../../../../cli/run/prune';
import { run as unlockAll } from '../../../../cli/run/unlock';
import { prune } from '../../../../cli/verbs/prune';
import { lock, unlock } from '../../../../cli/verbs/releases';
import { callOf } from '../../../support/cli/call';
import { type FakeDaemon, fakeDaemon } from '../../../unit/operations/docker/fake-daemon';
import { releaseWith } from '../../../unit/operations/records/releases';

const digest = (letter: string) => `sha256:${letter.repeat(64)}`;
const image = (tag: string, letter: string) => ({
  Id: `id-${tag}`,
  RepoTags: [`web:${tag}`],
  RepoDigests: [`web@${digest(letter)}`],
  Size: 2_000_000,
});

let daemon: FakeDaemon;
let said: { out: string; err: string };
let held: string | undefined;
/** What Docker does not let go. */
let inUse: string[];
/** What is shown once another one is gone, as the containerd image store does it. */
/** Services that run once in a while. */
let jobs: object[];
let parent: { readonly of: string; readonly image: object } | undefined;

beforeEach(async () => {
  said = { out: '', err: '' };
  held = undefined;
  inUse = [];
  jobs = [];
  parent = undefined;
  let images = [image('v1', 'a'), image('v2', 'b')] as { readonly Id: string }[];
  const release = releaseWith({ images: { web: `web:v2@${digest('b')}` } });
  daemon = await fakeDaemon((request, body, response) => {
    const path = decodeURIComponent((request.url ?? '').split('?')[0]!);
    if (request.method === 'DELETE') {
      if (path.includes('lock')) held = undefined;
      const refused = inUse.some((name) => path.includes(name));
      if (!refused) images = images.filter(({ Id }) => !path.includes(Id.replace('id-', 'web:')));
      if (parent && path.includes(parent.of)) images.push(parent.image as { readonly Id: string });
      const done = path.startsWith('/images') ? 200 : 204;
      response.writeHead(refused ? 409 : done).end(refused ? '{"message":"conflict: in use"}' : '');
      return;
    }
    if (path === '/configs/create') {
      response
        .writeHead(held ? 409 : 201)
        .end(JSON.stringify(held ? { message: 'already exists' } : { ID: 'lock' }));
      held ??= JSON.parse(body).Data;
      return;
    }
    const of = (kind: string) => decodeURIComponent(request.url ?? '').includes(kind);
    const Labels = { 'proctor.release': 'shop' };
    const records = {
      ID: 'c1',
      Spec: { Labels, Data: Buffer.from(JSON.stringify(release)).toString('base64') },
    };
    const locks = held ? [{ ID: 'lock', Spec: { Data: held } }] : [];
    const answers: Record<string, unknown> = {
      '/configs': of('proctor.lock') ? locks : of('proctor.release') ? [records] : [],
      '/services': of('proctor.job') ? jobs : [],
      '/info': {},
      '/nodes': [{}],
      '/containers/json': [],
      '/images/json': images,
    };
    response.end(JSON.stringify(answers[path]));
  });
  for (const [name, stream] of [
    ['out', process.stdout],
    ['err', process.stderr],
  ] as const) {
    jest.spyOn(stream, 'write').mockImplementation((chunk: unknown) => {
      said[name] += String(chunk);
      return true;
    });
  }
});
afterEach(async () => {
  jest.restoreAllMocks();
  await daemon.stop();
});

const args = (...more: string[]) => ['--host', daemon.host, '--stack', 'shop', ...more];
const removed = () => daemon.requests.filter((line) => line.startsWith('DELETE'));

describe('prune', () => {
  test('shows first, and removes nothing', async () => {
    expect(await pruneAll(callOf(prune, args()))).toBe(0);
    expect(said.out).toMatch(
      /^prune of shop at unix:\/\/.+\nimage web:v1 \(1\.9 MiB\)\n[\s\S]*nothing was removed; add --yes/,
    );
    expect(removed()).toEqual([]);
  });

  test('removes an image under all its names, and not what a release goes back to', async () => {
    expect(await pruneAll(callOf(prune, args('--yes')))).toBe(0);
    expect(removed()).toEqual(['DELETE /images/web:v1', `DELETE /images/web@${digest('a')}`]);
    expect(said.out).toMatch(/removed 1 of 1\n$/);
  });

  test('goes on with what an image was built from, which is shown when that is gone', async () => {
    parent = {
      of: 'web:v1',
      image: { Id: 'sha256:built-from', RepoTags: ['<none>:<none>'], RepoDigests: [], Size: 1_000_000 },
    };
    expect(await pruneAll(callOf(prune, args('--yes')))).toBe(0);
    expect(removed().at(-1)).toBe('DELETE /images/sha256:built-from');
    expect(said.out).toMatch(/image sha256:built-from[\s\S]*removed 2 of 2\n$/);
  });

  test('removes nothing that a job runs', async () => {
    jobs = [{ ID: 'j1', Spec: { TaskTemplate: { ContainerSpec: { Image: `web:v1@${digest('a')}` } } } }];
    expect(await pruneAll(callOf(prune, args('--yes')))).toBe(0);
    expect(removed()).toEqual([]);
  });

  test('says what stays, and why', async () => {
    inUse = ['web:v1'];
    expect(await pruneAll(callOf(prune, args('--yes')))).toBe(1);
    expect(said.err).toMatch(/^error: image web:v1 stays: .*conflict: in use/);
  });
});

describe('lock and unlock', () => {
  test('one holds it until it is unlocked, and others are told by whom', async () => {
    expect(await lockAll(callOf(lock, args('the data moves')))).toBe(0);
    expect(await lockAll(callOf(lock, args('again')))).toBe(1);
    expect(said.err).toMatch(
      /deploys are locked by .+ since .+ UTC: the data moves\n {2}when that is over: .\/proctor unlock/,
    );
    expect(await unlockAll(callOf(unlock, args()))).toBe(0);
    expect(await unlockAll(callOf(unlock, args()))).toBe(0);
    expect(said.out).toMatch(
      /^nobody deploys to shop at unix:.+ until .+\nshop at unix:\S+ is unlocked; it was locked by .+ since .+ UTC: the data moves\nshop at unix:\S+ was not locked\n$/,
    );
  });

  test.each(['', ' ', 'x'.repeat(201)])('%j is no reason', (why) => {
    expect(() => reasonOf({ words: [why] })).toThrow(/say it in 1 to 200/);
  });
});
