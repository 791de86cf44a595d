import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Shell } from '../../../contract/shell';
import { deployFolder } from '../../../operations/stack/folder';
import { terraformCommand, terraformName } from '../../../operations/terraform/program';
import { terraform } from '../../../operations/terraform/run';
import { type Holder, holderInWords, holderOf } from '../../../operations/terraform/state-lock';
import { Fault } from '../runner/fault';
import type { Runner } from '../runner/runner';
import { fence } from '../text/markdown';
import { projectFolder } from './npm-script';

/**
 * A cancelled job gets five minutes for its last steps (`jobs.<id>.cancel-timeout-minutes` is no setting of Actions; the
 * runner's own figure). Terraform ends what it has begun in that time, mostly.
 */
const PATIENCE_MS = 4 * 60_000;
const PAUSE_MS = 10_000;

/**
 * After a deploy that did not end by itself: waits until Terraform has let the state go, and says so; or says who holds
 * it and how to free it. Never frees it: the holder may still be writing.
 *
 * @throws {Fault} when the lock stays
 */
export async function reportLock(
  env: Shell,
  runner: Runner,
  patienceMs = PATIENCE_MS,
  pauseMs = PAUSE_MS,
): Promise<void> {
  const folders = stackFolders(projectFolder(env), env.PLATFORM_ENVIRONMENT || 'production');
  if (folders.length === 0) return runner.say(`${terraformName()} had not begun: there is no lock`);
  const until = Date.now() + patienceMs;
  for (const folder of folders) {
    let holder = await holderOfState(folder);
    while (holder && Date.now() < until) {
      runner.say(`${holderInWords(holder)}: waiting for it to end what it has begun`);
      await sleep(pauseMs);
      holder = await holderOfState(folder);
    }
    if (holder) throw stays(holder, folder, runner);
  }
  runner.say('the state is not locked');
  runner.summary(
    'The deploy was ended early; the state is not locked. The next one checks everything it had begun.',
  );
}

/** Where Terraform was initialized by the deploy. */
function stackFolders(project: string, environment: string): string[] {
  const stacks = join(deployFolder(project, environment), 'stacks');
  if (!existsSync(stacks)) return [];
  return readdirSync(stacks)
    .map((name) => join(stacks, name))
    .filter((folder) => existsSync(join(folder, '.terraform')));
}

/** A plan takes the lock before all else and looks at nothing; why it fails otherwise is no matter here. */
async function holderOfState(folder: string): Promise<Holder | undefined> {
  const args = ['plan', '-refresh=false', '-lock-timeout=0s', '-input=false', '-json'];
  const { diagnostics } = await terraform(args, { folder });
  return holderOf(diagnostics);
}

function stays(holder: Holder, folder: string, runner: Runner): Fault {
  const unlock = `${terraformCommand()} -chdir=${folder.split('/').slice(-3).join('/')} force-unlock`;
  // From a bucket with a customer's key Terraform learns no ID; the doctor, which has the key, does.
  const command =
    holder.id === '?' ? `./proctor state doctor; ${unlock} <the ID it says>` : `${unlock} ${holder.id}`;
  runner.summary(
    `### The state is still locked\n\n${holderInWords(holder)}. When that process is surely gone (the run has ended):\n\n${fence(`./proctor synth   # or ./proctor plan, with the state's credentials\n${command}`, 'sh')}\n`,
  );
  return new Fault(
    `${holderInWords(holder)}, and still is`,
    `when the run has ended, free it from your own machine: \`${command}\``,
    'state',
  );
}
