import { readFileSync, writeFileSync } from 'node:fs';
import { GitHub } from '../../add-ons/github/api/api';
import { commitFile } from '../../add-ons/github/api/commit-file';
import { readEvent } from '../../add-ons/github/runner/event';
import { Fault } from '../../add-ons/github/runner/fault';
import { Runner } from '../../add-ons/github/runner/runner';
import { parsePayload } from '../../add-ons/github/steps/dispatch';
import { findNamedImages } from '../../add-ons/github/steps/named-images';
import { lockImages } from '../../operations/images/lock-images';
import { messageOf } from '../../operations/terminal/message-of';
import { platform } from '../../services.config';

/**
 * For a repository_dispatch: writes the digests that the applications' CI sent to
 * images.lock.json of the branch, as a commit. The output `sha` is the commit to deploy.
 */
const PATH = 'images.lock.json';

async function commitImages(runner: Runner): Promise<void> {
  const payload = parsePayload(readEvent(process.env));
  const given = findNamedImages(payload.images, platform);
  const { sha, changed } = await commitFile(new GitHub(process.env), {
    branch: process.env.GITHUB_REF_NAME ?? '',
    path: PATH,
    message: message([...payload.images.keys()], payload.source),
    change: async (text) => {
      writeFileSync(PATH, text);
      await lockImages(
        { check: false, services: [], given },
        { catalogue: platform, path: PATH, shell: process.env, print: (line) => runner.say(line) },
      );
      return readFileSync(PATH, 'utf8');
    },
  });
  runner.setOutput('sha', sha);
  runner.say(changed ? `committed as ${sha}` : `${sha} has these digests already`);
}

function message(names: readonly string[], source: string | undefined): string {
  const title = names.length <= 3 ? names.join(', ') : `${names.length} images`;
  return `Images: ${title}\n\nSent by the applications' CI${source ? ` from ${source}` : ''}.\n`;
}

/** Resolves to the exit code. */
export async function lockSentImages(env: NodeJS.ProcessEnv): Promise<number> {
  const runner = new Runner(env);
  try {
    await commitImages(runner);
    return 0;
  } catch (error) {
    const [what = '', ...remedy] = messageOf(error).split('\n');
    runner.fault(error instanceof Fault ? error : { what, remedy: remedy.join('\n').trim(), subject: PATH });
    return 1;
  }
}
