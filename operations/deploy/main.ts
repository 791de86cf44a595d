import type { Shell } from '../../contract/shell';
import { ConnectionError } from '../docker/explain';
import { writeJobSummary } from '../files/job-summary';
import { NoWayBack } from '../releases/restore';
import { Console } from '../terminal/console';
import { messageOf } from '../terminal/message-of';
import { terraformName } from '../terraform/program';
import { deploy } from './deploy';
import { markdown } from './markdown';
import type { DeployOptions } from './options';
import type { DeployResult } from './result';
import { commandOf } from './text';

const SAME_INTERRUPT_MS = 1000;

/** In this process: it owns the signals and standard output. Resolves to the exit code. */
export async function runDeploy(
  options: DeployOptions,
  { shell, projectFolder }: { readonly shell: Shell; readonly projectFolder: string },
): Promise<number> {
  const console = new Console(options.json, shell);
  const stop = new AbortController();
  let first = 0;
  const interrupted = () => {
    if (!stop.signal.aborted) {
      first = Date.now();
      console.say('\nstopping: what is under way is ended in good order; once more to leave at once');
      stop.abort();
      return;
    }
    // npm passes on what the terminal has sent already.
    if (Date.now() - first < SAME_INTERRUPT_MS) return;
    console.say(
      `left at once; ${terraformName()} still ends by itself what it has begun and writes its state, Swarm goes on with what it was told\n  where that leads is not known here: ./proctor status shows it, the next ${commandOf({ to: options.to })} waits for it`,
    );
    process.exit(1);
  };
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, interrupted);
  const began = performance.now();
  let result: DeployResult;
  try {
    result = await deploy({
      options,
      shell,
      console,
      projectFolder,
      signal: stop.signal,
    });
  } catch (error) {
    const message = messageOf(error);
    console.fault(message);
    const unreachable = error instanceof ConnectionError;
    result = {
      stack: '',
      environment: options.environment,
      preflight: [],
      plan: null,
      services: [],
      probe: null,
      runs: [],
      outcome: outcomeOf(error, unreachable, stop.signal.aborted),
      exitCode: unreachable ? 6 : 1,
      seconds: (performance.now() - began) / 1000,
      error: message,
    };
  }
  console.endPart();
  if (options.json) process.stdout.write(`${JSON.stringify(result)}\n`);
  writeJobSummary(markdown(result), shell);
  return result.exitCode;
}

function outcomeOf(error: unknown, unreachable: boolean, interrupted: boolean): DeployResult['outcome'] {
  if (unreachable) return 'unreachable';
  if (error instanceof NoWayBack) return 'refused';
  return interrupted ? 'interrupted' : 'failed';
}
