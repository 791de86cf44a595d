import type { Shell } from '../../contract/shell';
import { Console } from '../terminal/console';
import { messageOf } from '../terminal/message-of';
import type { PlanOptions } from './options';
import { EXIT, hideAll, type PlanResult, runPlan } from './run';

/** In this process: it owns the signals and standard output. Resolves to the exit code. */
export async function printPlan(
  options: PlanOptions,
  { shell, projectFolder }: { readonly shell: Shell; readonly projectFolder: string },
): Promise<number> {
  const console = new Console(options.json, shell);
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => stop.abort());
  const run = { options, shell, console, projectFolder, signal: stop.signal };
  let result: PlanResult;
  try {
    result = await runPlan(run);
  } catch (error) {
    const message = hideAll(messageOf(error), shell);
    result = {
      stack: '',
      environment: options.environment,
      exitCode: EXIT.error,
      plan: null,
      policy: null,
      capacity: null,
      server: [],
      strangers: [],
      byHand: [],
      backups: [],
      locked: null,
      error: message,
    };
  }
  if (result.error) console.fault(result.error);
  if (options.json) process.stdout.write(`${JSON.stringify(result)}\n`);
  return result.exitCode;
}
