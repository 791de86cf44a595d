import { setTimeout as sleep } from 'node:timers/promises';
import type { Shell } from '../../../contract/shell';
import { Fault } from '../runner/fault';
import type { Runner } from '../runner/runner';
import { GitHub } from './api';

interface Run {
  readonly status: string;
  readonly conclusion: string | null;
  readonly html_url: string;
}

interface Commit {
  readonly parents: readonly { readonly sha: string }[];
  readonly files?: readonly { readonly filename: string }[];
}

export interface Patience {
  /** Both begin with the same push. @default 55 */
  readonly minutes?: number;
  /** @default 20 */
  readonly pollSeconds?: number;
}

const IMAGES = 'images.lock.json';
/** Commits of new images in a row. */
const MOST_STEPS = 50;

/**
 * Waits for `ci` on exactly the commit that is to be deployed.
 *
 * @throws {Fault} unless it passed
 */
export async function requireCi(
  env: Shell,
  runner: Runner,
  { minutes = 55, pollSeconds = 20 }: Patience = {},
): Promise<void> {
  const github = new GitHub(env);
  const sha = env.SHA ?? '';
  if (!/^[0-9a-f]{40}$/.test(sha)) {
    throw new Fault('SHA is not a commit', 'give the step env: SHA: ${{ github.sha }}', 'ci');
  }
  const until = Date.now() + minutes * 60_000;
  let told = false;
  for (;;) {
    const [tested, run] = await runFor(github, sha);
    const passed = run?.status === 'completed' && run.conclusion === 'success';
    if (passed) {
      runner.say(`ci has passed on ${tested}`);
      return;
    }
    if (run?.status === 'completed') {
      throw new Fault(
        `ci ended with ${run.conclusion} on ${tested}, so it is not deployed; nothing was changed`,
        `read ${run.html_url}; run its jobs again or push a commit that passes, then run this job again`,
        'ci',
      );
    }
    if (Date.now() >= until) {
      throw new Fault(
        `ci has ${run ? 'not ended' : 'not run'} on ${tested}, so it is not deployed; nothing was changed`,
        'run this job again when ci has passed; ci runs on pushes to the branches in .github/workflows/ci.yml',
        'ci',
      );
    }
    if (!told) runner.say(`waiting for ci on ${tested}`);
    told = true;
    await sleep(pollSeconds * 1000);
  }
}

/**
 * The latest run for a commit. What GitHub's own token commits sets off no workflow: a commit of new digests, which changes
 * nothing else, has passed with the commit before it.
 */
async function runFor(github: GitHub, sha: string): Promise<[tested: string, run: Run | undefined]> {
  let tested = sha;
  for (let step = 0; step < MOST_STEPS; step += 1) {
    // Of a push alone: a pull request's run took its steps from the pull request.
    const { workflow_runs: runs } = await github.request<{ workflow_runs: Run[] }>(
      'GET',
      `/actions/workflows/ci.yml/runs?event=push&head_sha=${tested}&per_page=1`,
    );
    if (runs[0]) return [tested, runs[0]];
    const { parents, files = [] } = await github.request<Commit>('GET', `/commits/${tested}`);
    const [parent, ...others] = parents;
    const isOfImages = files.length > 0 && files.every(({ filename }) => filename === IMAGES);
    if (!parent || others.length > 0 || !isOfImages) break;
    tested = parent.sha;
  }
  return [tested, undefined];
}
