import { answerHelp, UsageError } from '../terminal/command-line';
import { Console } from '../terminal/console';
import { parsePlanArguments, USAGE } from './arguments';
import { EXIT, hideAll, type PlanResult, runPlan } from './run';

const EXIT_USAGE = 64;

async function main(): Promise<number> {
  const args = process.argv.slice(2);
  if (answerHelp(args, USAGE)) return 0;
  const wish = parsePlanArguments(args, process.env);
  const console = new Console(wish.json, process.env);
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => stop.abort());
  const run = {
    arguments: wish,
    shell: process.env,
    console,
    projectFolder: process.cwd(),
    signal: stop.signal,
  };
  let result: PlanResult;
  try {
    result = await runPlan(run);
  } catch (error) {
    const message = hideAll(error instanceof Error ? error.message : String(error), process.env);
    result = {
      stack: '',
      environment: wish.environment,
      exitCode: EXIT.error,
      plan: null,
      policy: null,
      capacity: null,
      server: [],
      strangers: [],
      error: message,
    };
  }
  if (result.error) console.fault(result.error);
  if (wish.json) process.stdout.write(`${JSON.stringify(result)}\n`);
  return result.exitCode;
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof UsageError ? error.message : (error as Error).stack}\n`);
    process.exitCode = error instanceof UsageError ? EXIT_USAGE : EXIT.error;
  },
);
