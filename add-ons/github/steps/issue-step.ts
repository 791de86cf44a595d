import { existsSync, readFileSync } from 'node:fs';
import type { Shell } from '../../../contract/shell';
import { GitHub } from '../api/api';
import { closeIssue, upsertIssue } from '../api/upsert';
import type { Runner } from '../runner/runner';
import { code } from '../text/markdown';
import { origin } from './comment-step';
import { findingsFile } from './drift-step';
import type { Findings } from './findings';

/** Opens, updates or closes the one issue. `LOOK_RESULT` is how the job that looked has ended. */
export async function reportDrift(env: Shell, runner: Runner): Promise<void> {
  const file = findingsFile(env);
  const found: Findings =
    env.LOOK_RESULT === 'success' && existsSync(file)
      ? (JSON.parse(readFileSync(file, 'utf8')) as Findings)
      : { open: true, title: 'The look at the platform failed', markdown: 'The page of the run says why.' };
  const github = new GitHub(env);
  if (!found.open) {
    const closed = [
      await closeIssue(github, 'drift', 'Mended: the platform is as the catalogue says.'),
      await closeIssue(github, 'rollback', 'Mended: the platform is as the catalogue says.'),
    ].filter((number) => number !== undefined);
    runner.say(
      closed.length > 0 ? `closed: ${closed.map((number) => `#${number}`).join(', ')}` : 'nothing to tell',
    );
    return;
  }
  const { done, number } = await upsertIssue(
    github,
    'drift',
    found.title,
    `${found.markdown}\n\n---\n${origin(env)}`,
  );
  runner.say(`issue #${number} was ${done}`);
}

/** After a rollback: the one issue that says that the branch is behind. `SERVICES` in an emergency, else `RELEASE` or `REF`. */
export async function remindOfDrift(env: Shell, runner: Runner): Promise<void> {
  const services = (env.SERVICES ?? '').split(/[\s,]+/).filter((word) => /^[\w-]{1,63}$/.test(word));
  const [what, words] =
    services.length > 0
      ? [
          'in an emergency',
          `Put back by Swarm's own rollback: ${services.map(code).join(', ')}. The catalogue does not know.`,
        ]
      : env.RELEASE
        ? ['to a release', `What runs is the release ${code(env.RELEASE)}; the branch is ahead of it.`]
        : ['to an older commit', `What runs is ${code(env.REF ?? '')}; the branch is ahead of it.`];
  const text = [
    words,
    '',
    '**The next deploy rolls forward again.** Before it, revert the commit that brought the faulty images',
    '(`images.lock.json`) or settings, and let that deploy. The workflow `drift` closes this when the platform is as the',
    'catalogue says.',
  ].join('\n');
  const title = `Rolled back ${what}: the next deploy rolls forward again`;
  const body = `${text}\n\n---\n${origin(env)}`;
  const { done, number } = await upsertIssue(new GitHub(env), 'rollback', title, body);
  runner.say(`issue #${number} was ${done}`);
}
