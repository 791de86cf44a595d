import { EXIT_CODES } from '../../contract/outcome';
import { ConnectionError } from '../docker/explain';
import { SwarmClient } from '../docker/swarm-client';
import { writeJobSummary } from '../files/job-summary';
import { redactorHere } from '../inputs/redactor-here';
import { lockInWords, readLock } from '../records/lock';
import { code, oneLine } from '../terminal/untrusted';
import { type Candidate, type Found, judge } from './judge';
import type { RollbackOptions } from './options';
import { exitCodeOf, putBack, type Returned } from './put-back';

const say = (text: string) => process.stdout.write(`${text}\n`);

async function find(swarm: SwarmClient, stack: string): Promise<Found> {
  const services = await swarm.docker.services({ label: [`com.docker.stack.namespace=${stack}`] });
  const [secrets, configs] = [await swarm.docker.secrets(), await swarm.docker.configs()];
  return { services, objects: new Set([...secrets, ...configs].map(({ ID }) => ID)) };
}

/** An emergency waits for nobody; who works on it has to know. */
async function warnOfLock(swarm: SwarmClient, stack: string): Promise<void> {
  const lock = await readLock(swarm.docker, stack).catch(() => undefined);
  if (!lock) return;
  const words = oneLine(lockInWords(lock));
  process.stderr.write(`warning: ${words}\n`);
  writeJobSummary(`🔒 ${code(words)}\n\n`, process.env);
}

/** Resolves to the exit code. */
export async function runRollback(options: RollbackOptions): Promise<number> {
  const target = { ...options.target, redactor: redactorHere(process.env, options.target.derived) };
  const swarm = new SwarmClient(target);
  say(`${options.stack} at ${target.host}`);
  try {
    const { candidates, refusals } = judge(options.stack, options.services, await find(swarm, options.stack));
    for (const { name, from, to } of candidates) say(`${name}\n  now  ${from}\n  then ${to}`);
    for (const refusal of refusals) process.stderr.write(`error: ${refusal}\n`);
    if (refusals.length > 0) {
      process.stderr.write('nothing was touched\n');
      return 1;
    }
    await warnOfLock(swarm, options.stack);
    if (!options.yes) {
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
  const rows = candidates.map(
    ({ name, from, to }, at) => `| ${name} | \`${from}\` | \`${to}\` | ${results[at]!.outcome} |`,
  );
  const table = ['| service | from | back to | outcome |', '|---|---|---|---|', ...rows];
  writeJobSummary(`## Emergency rollback\n\n${table.join('\n')}\n`, process.env);
}
