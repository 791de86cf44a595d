import { appendFileSync } from 'node:fs';
import { ConnectionError } from '../docker/explain';
import { answerHelp, UsageError } from '../terminal/command-line';
import { Console } from '../terminal/console';
import { parseArguments, USAGE } from './arguments';
import { deploy } from './deploy';
import { markdown } from './markdown';
import type { DeployResult } from './result';

const EXIT_USAGE = 64;
const SAME_INTERRUPT_MS = 1000;

async function main(): Promise<number> {
  const args = process.argv.slice(2);
  if (answerHelp(args, USAGE)) return 0;
  const wish = parseArguments(args, process.env);
  const console = new Console(wish.json, process.env);
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
    console.say('left at once; Terraform still ends by itself what it has begun, and writes its state');
    process.exit(1);
  };
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, interrupted);
  const began = performance.now();
  let result: DeployResult;
  try {
    result = await deploy({
      arguments: wish,
      shell: process.env,
      console,
      projectFolder: process.cwd(),
      signal: stop.signal,
    });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    console.fault(message);
    const unreachable = error instanceof ConnectionError;
    result = {
      stack: '',
      environment: wish.environment,
      preflight: [],
      plan: null,
      services: [],
      probe: null,
      runs: [],
      outcome: unreachable ? 'unreachable' : stop.signal.aborted ? 'interrupted' : 'failed',
      exitCode: unreachable ? 6 : 1,
      seconds: (performance.now() - began) / 1000,
      error: message,
    };
  }
  console.endPart();
  const { GITHUB_STEP_SUMMARY } = process.env;
  if (GITHUB_STEP_SUMMARY) appendFileSync(GITHUB_STEP_SUMMARY, markdown(result));
  if (wish.json) process.stdout.write(`${JSON.stringify(result)}\n`);
  return result.exitCode;
}

main().then(
  (code) => {
    // The question's terminal and a kept ssh connection would hold the process.
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof UsageError ? error.message : (error as Error).stack}\n`);
    process.exitCode = error instanceof UsageError ? EXIT_USAGE : 1;
  },
);
