import { appendFileSync } from 'node:fs';
import { EXIT_CODES, type Outcome, worst } from '../../contract/outcome';
import { ConnectionError } from '../docker/explain';
import { SwarmClient, type SwarmOptions } from '../docker/swarm-client';
import { redactorHere } from '../redact/here';
import { report } from '../rollout/report';
import { type Candidate, type Found, judge } from './judge';
import type { RollbackOptions } from './options';
import { watchReturn } from './watch-return';

const say = (text: string) => process.stdout.write(`${text}\n`);

async function find(swarm: SwarmClient, stack: string): Promise<Found> {
  const services = await swarm.docker.services({ label: [`com.docker.stack.namespace=${stack}`] });
  const [secrets, configs] = [await swarm.docker.secrets(), await swarm.docker.configs()];
  return { services, objects: new Set([...secrets, ...configs].map(({ ID }) => ID)) };
}

/** Resolves to the exit code. */
export async function runRollback(options: RollbackOptions): Promise<number> {
  const target = { ...options.target, redactor: redactorHere(process.env) };
  const swarm = new SwarmClient(target);
  try {
    const { candidates, refusals } = judge(options.stack, options.services, await find(swarm, options.stack));
    for (const { name, from, to } of candidates) say(`${name}\n  now  ${from}\n  then ${to}`);
    for (const refusal of refusals) process.stderr.write(`error: ${refusal}\n`);
    if (refusals.length > 0) {
      process.stderr.write('nothing was touched\n');
      return 1;
    }
    if (!options.yes) {
      say('nothing was touched; add --yes to do it');
      return 0;
    }
    const results = await Promise.all(candidates.map((candidate) => putBack(target, candidate)));
    summary(candidates, results);
    say('this is drift: the next deploy rolls forward again, unless its commit says what runs now');
    return EXIT_CODES[worst(results.map(({ outcome }) => outcome))];
  } catch (error) {
    if (!(error instanceof ConnectionError)) throw error;
    process.stderr.write(`error: ${error.message.replace('\n', '\n  ')}\n`);
    return EXIT_CODES.unreachable;
  } finally {
    swarm.close();
  }
}

/** Asks Swarm, and watches with the gate's own eyes. */
async function putBack(
  target: SwarmOptions,
  { name, previous }: Candidate,
): Promise<{ outcome: Outcome; text: string }> {
  const swarm = new SwarmClient(target);
  try {
    await swarm.rollBack(name);
    const result = await watchReturn(swarm, name, previous);
    const text = report(result, { host: target.host, position: null });
    say(text);
    return { outcome: result.outcome, text };
  } finally {
    swarm.close();
  }
}

function summary(
  candidates: readonly Candidate[],
  results: readonly { outcome: Outcome; text: string }[],
): void {
  const { GITHUB_STEP_SUMMARY } = process.env;
  if (!GITHUB_STEP_SUMMARY) return;
  const rows = candidates.map(
    ({ name, from, to }, at) => `| ${name} | \`${from}\` | \`${to}\` | ${results[at]!.outcome} |`,
  );
  const table = ['| service | from | back to | outcome |', '|---|---|---|---|', ...rows];
  appendFileSync(GITHUB_STEP_SUMMARY, `## Emergency rollback\n\n${table.join('\n')}\n`);
}
