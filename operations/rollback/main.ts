import { appendFileSync } from 'node:fs';
import { EXIT_CODES, EXIT_USAGE, type Outcome, worst } from '../../contract/outcome';
import { ConnectionError } from '../docker/explain';
import type { Service } from '../docker/snapshot';
import { SwarmClient, type Target } from '../docker/swarm-client';
import { redactorHere } from '../redact/here';
import { currentPlan, currentTimings } from '../rollout/current-spec';
import { deadlineSeconds, timingsOf } from '../rollout/deadline';
import { report } from '../rollout/report';
import { watch } from '../rollout/watch';
import { helped, UsageError } from '../terminal/command-line';
import { type EmergencyArguments, parseArguments, USAGE } from './arguments';
import { type Candidate, type Found, judge } from './judge';

const say = (text: string) => process.stdout.write(`${text}\n`);

async function find(swarm: SwarmClient, stack: string): Promise<Found> {
  const services = await swarm.services({ label: [`com.docker.stack.namespace=${stack}`] });
  const objects = await swarm.objects();
  return { services, objects: new Set(objects.map(({ ID }) => ID)) };
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
  target: Target,
  { name, previous }: Candidate,
): Promise<{ outcome: Outcome; text: string }> {
  const swarm = new SwarmClient(target);
  try {
    await swarm.rollBack(name);
    const present = { Spec: previous } as Service;
    const [timings, planned] = [currentTimings(present), currentPlan(present)];
    const { observeSeconds, stopGraceSeconds } = timingsOf(timings);
    const result = await watch({
      service: name,
      swarm,
      measure: {
        ...{ planned, observeSeconds, stopGraceSeconds },
        deadlineSeconds: deadlineSeconds(timings, planned.replicas ?? 1),
        mayRollBack: false,
        judgeStatus: false,
      },
    });
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

async function main(): Promise<number> {
  try {
    const args = process.argv.slice(2);
    return helped(args, USAGE) ? 0 : await run(parseArguments(args, process.env));
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
