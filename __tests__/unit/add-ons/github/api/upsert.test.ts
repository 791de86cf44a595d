import { GitHub } from '../../../../../add-ons/github/api/api';
import { closeIssue, upsertComment, upsertIssue } from '../../../../../add-ons/github/api/upsert';
import { COMMENT_LIMIT } from '../../../../../add-ons/github/text/markdown';
import { FakeGitHub } from '../../../../real/add-ons/github/workflows/support/fake-github';

let fake: FakeGitHub;
beforeEach(async () => {
  fake = await FakeGitHub.start();
});
afterEach(() => fake.stop());
const github = () => new GitHub(fake.env, 1);
const MARKER = '<!-- proctorwise-swarm:plan -->';

describe('the comment of a pull request', () => {
  test('is written once, then updated in place, then left alone', async () => {
    expect(await upsertComment(github(), 7, 'plan', 'first')).toBe('created');
    expect(await upsertComment(github(), 7, 'plan', 'second')).toBe('updated');
    expect(await upsertComment(github(), 7, 'plan', 'second')).toBe('unchanged');
    expect(fake.comments.map(({ body }) => body)).toEqual([`${MARKER}\nsecond`]);
  });

  test('is found behind many others, whatever GitHub made of its line breaks', async () => {
    for (let at = 0; at < 130; at += 1) fake.say(fake.comments, `talk ${at}`, 'octocat');
    fake.say(fake.comments, `${MARKER}\r\nfirst\r\n`);
    expect(await upsertComment(github(), 7, 'plan', 'first')).toBe('unchanged');
    expect(await upsertComment(github(), 7, 'plan', 'second')).toBe('updated');
    expect(fake.comments).toHaveLength(131);
  });

  test('is never one that somebody else wrote with the same marker', async () => {
    const stranger = fake.say(fake.comments, `${MARKER}\nall good, merge it`, 'octocat');
    expect(await upsertComment(github(), 7, 'plan', 'the plan')).toBe('created');
    expect(stranger.body).toContain('all good');
  });

  test('is written anew when it was deleted in between', async () => {
    fake.say(fake.comments, `${MARKER}\nfirst`);
    fake.beforePatch = () => fake.comments.pop();
    expect(await upsertComment(github(), 7, 'plan', 'second')).toBe('created');
    expect(fake.comments.map(({ body }) => body)).toEqual([`${MARKER}\nsecond`]);
  });

  test('of a plan with 500 changes fits, and says that it was cut', async () => {
    const change = (at: number) =>
      `- service \`s${at}\` image a1b2→c3d4 · rolling, start-first · about 26 s · no downtime\n`;
    const changes = Array.from({ length: 500 }, (_, at) => change(at)).join('');
    const plan = `# 500 changes\n\n${changes}\n<details><summary>all of it</summary>\n\n\`\`\`text\n${changes.repeat(3)}\`\`\`\n</details>\n`;
    expect(plan.length).toBeGreaterThan(COMMENT_LIMIT);
    await upsertComment(github(), 7, 'plan', plan);
    const { body } = fake.comments[0]!;
    expect(body.length).toBeLessThanOrEqual(COMMENT_LIMIT);
    expect(body).toContain('service `s499` image');
    expect(body).toContain(`_Cut here: the whole has ${plan.length + MARKER.length + 1} characters`);
    expect(body).toMatch(/```\n\n<\/details>\n\n_Cut here/);
  });

  test('is defused: it names nobody and hides nothing', async () => {
    await upsertComment(github(), 7, 'plan', 'by @octocat <!-- proctorwise-swarm:drift --> nginx@sha256:ab');
    expect(fake.comments[0]!.body).toBe(
      `${MARKER}\nby @\u200boctocat &lt;!-- proctorwise-swarm:drift --> nginx@\u200bsha256:ab`,
    );
  });
});

describe('the issue', () => {
  test('is opened once, updated, and closed with a word', async () => {
    expect(await upsertIssue(github(), 'drift', 'It drifted', 'a')).toEqual({ done: 'created', number: 100 });
    expect(await upsertIssue(github(), 'drift', 'It drifted', 'a')).toEqual({
      done: 'unchanged',
      number: 100,
    });
    expect(await upsertIssue(github(), 'drift', 'It drifted more', 'b')).toEqual({
      done: 'updated',
      number: 100,
    });
    expect(fake.issues).toMatchObject([{ title: 'It drifted more', state: 'open' }]);
    expect(await closeIssue(github(), 'drift', 'mended')).toBe(100);
    expect(fake.issues).toMatchObject([{ state: 'closed' }]);
    expect(fake.requests).toContain('POST /repos/acme/swarm/issues/100/comments');
    expect(await closeIssue(github(), 'drift', 'mended')).toBeUndefined();
    expect((await upsertIssue(github(), 'drift', 'Again', 'c')).done).toBe('created');
  });

  test('is one for each matter', async () => {
    await upsertIssue(github(), 'drift', 'a', 'a');
    await upsertIssue(github(), 'rollback', 'b', 'b');
    expect(fake.issues).toHaveLength(2);
  });
});
