import { appendFileSync } from 'node:fs';
import { EXIT_CODES, EXIT_USAGE } from '../../contract/outcome';
import { ConnectionError } from '../docker/explain';
import { SwarmClient } from '../docker/swarm-client';
import { redactorHere } from '../redact/here';
import { answerHelp, UsageError } from '../terminal/command-line';
import { type EmergencyArguments, parseArguments, USAGE } from './arguments';
import { type Candidate, type Found, judge } from './judge';
import { exitCodeOf, putBack, type Returned } from './put-back';

const say = (text: string) => process.stdout.write(`${text}\n`);

async function find(swarm: SwarmClient, stack: string): Promise<Found> {
  const services = await swarm.docker.services({ label: [`com.docker.stack.namespace=${stack}`] });
  const [secrets, configs] = [await swarm.docker.secrets(), await swarm.docker.configs()];
  return { services, objects: new Set([...secrets, ...configs].map(({ ID }) => ID)) };
}

async function run(wish: EmergencyArguments): Promise<number> {
  const target = { ...wish.target, redactor: redactorHere(process.env) };
  const swarm = new SwarmClient(target);
  try {
    const { candidates, refusals } = judge(wish.stack, wish.services, await find(swarm, wish.stack));
    for (const { name, from, to } of candidates) say(`${name}\n  now  ${from}\n  then ${to}`);
    for (const refusal of refusals) process.stderr.write(`error: ${refusal}\n`);
    if (refusals.length > 0) {
      process.stderr.write('nothing was touched\n');
      return 1;
    }
    if (!wish.yes) {
      say('nothing was touched; add --yes to do it');
      return 0;
    }
    const results = await Promise.all(
      candidates.map(async (candidate) => {
        const result = await putBack(target, candidate);
        say(result.text);
        return result;
      }),
    );
    summary(candidates, results);
    say('this is drift: the next deploy rolls forward again, unless its commit says what runs now');
    return exitCodeOf(results);
  } catch (error) {
    if (!(error instanceof ConnectionError)) throw error;
    process.stderr.write(`error: ${error.message.replace('\n', '\n  ')}\nnothing was touched\n`);
    return EXIT_CODES.unreachable;
  } finally {
    swarm.close();
  }
}

function summary(candidates: readonly Candidate[], results: readonly Returned[]): void {
  const { GITHUB_STEP_SUMMARY } = process.env;
  if (!GITHUB_STEP_SUMMARY) return;
  const rows = candidates.map(
    ({ name, from, to }, at) => `| ${name} | \`${from}\` | \`${to}\` | ${results[at]!.outcome} |`,
  );
  const table = ['| service | from | back to | outcome |', '|---|---|---|---|', ...rows];
  appendFileSync(GITHUB_STEP_SUMMARY, `## Emergency rollback\n\n${table.join('\n')}\n`);
}

async function main(): Promise<number> {
  try {
    const args = process.argv.slice(2);
    return answerHelp(args, USAGE) ? 0 : await run(parseArguments(args, process.env));
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return EXIT_USAGE;
  }
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  },
);
