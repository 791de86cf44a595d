import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Shell } from '../../../contract/shell';
import { Fault } from '../runner/fault';
import type { Runner } from '../runner/runner';
import { fence, shorten } from '../text/markdown';

const WHAT = ['__tests__/unit/constructs/platform/__snapshots__', 'images.lock.json'];
const LIMIT = 900_000;

/**
 * What a pull request changes in the synthesized stack, without a secret and without a server: the difference of the
 * platform's snapshot, which the tests hold equal to the catalogue. Forks get this in place of a plan.
 */
export async function showSnapshotDifference(env: Shell, runner: Runner): Promise<void> {
  const { BASE_SHA: base = '', HEAD_SHA: head = 'HEAD' } = env;
  for (const sha of [base, head]) {
    if (!/^([0-9a-f]{40}|HEAD)$/.test(sha)) {
      throw new Fault(
        'BASE_SHA and HEAD_SHA are not two commits',
        'give them from github.event.pull_request',
      );
    }
  }
  const args = [
    'diff',
    '--no-color',
    '--no-ext-diff',
    '--no-textconv',
    '--unified=5',
    `${base}...${head}`,
    '--',
    ...WHAT,
  ];
  const { stdout } = await promisify(execFile)('git', args, { maxBuffer: 64 * 1024 * 1024 });
  const text = stdout.trim()
    ? `What changes in the synthesized stack:\n\n${fence(stdout, 'diff')}`
    : 'Nothing changes in the synthesized stack.';
  runner.summary(shorten(`## Snapshot\n\n${text}\n`, LIMIT, '`git diff` shows all of it.'));
}
