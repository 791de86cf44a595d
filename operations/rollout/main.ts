import { handingOver } from '../../contract/handover';
import { EXIT_CODES, EXIT_USAGE, worst } from '../../contract/outcome';
import type { PlannedRollout } from '../../contract/rollout';
import { certificateNote } from '../certificates/note';
import type { Service } from '../docker/answers';
import { ConnectionError } from '../docker/explain';
import { SwarmClient } from '../docker/swarm-client';
import { redactorHere } from '../redact/here';
import { answerHelp, UsageError } from '../terminal/command-line';
import { parseArguments, USAGE } from './arguments';
import { currentPlan, currentTimings } from './current-spec';
import { limitsOf } from './deadline';
import { parsePlanned } from './input';
import { LiveLine } from './live';
import { encodeLines, record } from './record';
import { machineReport, report } from './report';
import { type Result, watch } from './watch';

interface Manner {
  readonly json: boolean;
  readonly mayRollBack: boolean;
  readonly mayResume: boolean;
  readonly judgeStatus: boolean;
  /** Redraw the live line in place; several services would overwrite each other's. */
  readonly redraw: boolean;
  /** `./proctor deploy` reads the lines. @default people do */
  readonly underDeploy?: boolean;
}

/** Watches one service, shows it live, and prints its report. */
async function follow(swarm: SwarmClient, rollout: PlannedRollout, manner: Manner): Promise<Result> {
  const { position, planned, service } = rollout;
  const { underDeploy = false } = manner;
  const output = {
    isTTY: manner.redraw && process.stderr.isTTY && !underDeploy,
    write: (text: string) => process.stderr.write(underDeploy ? encodeLines('progress', text) : text),
  };
  const live = new LiveLine(position ? `[${position.index}/${position.total}] ${service}` : service, output);
  const result = await watch({
    service,
    swarm,
    measure: {
      planned,
      ...limitsOf(rollout.timings, planned.replicas),
      mayRollBack: manner.mayRollBack,
      mayResume: manner.mayResume,
      judgeStatus: manner.judgeStatus,
    },
    onProgress: (progress, seconds) => live.show(progress, seconds),
  });
  live.end();
  if (manner.json) process.stdout.write(`${JSON.stringify(machineReport(result))}\n`);
  else say(report(result, rollout), underDeploy);
  return result;
}

function say(text: string, underDeploy: boolean): void {
  process.stdout.write(underDeploy ? encodeLines('report', text) : `${text}\n`);
}

/** The gate in a deploy: `ROLLOUT` says what was planned, `ROLLOUT_REPORTS` where to leave the outcome, if anywhere. */
async function gate(json: string, asJson: boolean): Promise<number> {
  const rollout = handingOver(parsePlanned(json), process.env);
  const { ROLLOUT_REPORTS } = process.env;
  const underDeploy = Boolean(ROLLOUT_REPORTS) && !asJson;
  const swarm = new SwarmClient({ host: rollout.host, sshOptions: rollout.sshOptions ?? [] });
  const result = await follow(swarm, rollout, {
    json: asJson,
    mayRollBack: true,
    mayResume: true,
    judgeStatus: false,
    redraw: true,
    underDeploy,
  });
  swarm.close();
  if (rollout.certificate && result.outcome === 'converged' && !asJson) {
    const { VPS_PUBLIC_HOST } = process.env;
    const endpoint = VPS_PUBLIC_HOST
      ? { ...rollout.certificate, host: VPS_PUBLIC_HOST }
      : rollout.certificate;
    const note = await certificateNote(endpoint);
    // A certificate fails no deploy: what was deployed may be what mends it.
    if (note?.warn) say(`warning: ${note.text}`, underDeploy);
  }
  try {
    if (ROLLOUT_REPORTS) record(ROLLOUT_REPORTS, result, rollout);
  } catch (error) {
    // A full disk here is no reason to call a good rollout bad.
    process.stderr.write(`the outcome could not be written to ROLLOUT_REPORTS: ${String(error)}\n`);
  }
  return EXIT_CODES[result.outcome];
}

/** Run alone: what the services say now is the plan. */
async function followNamed(args: readonly string[]): Promise<number> {
  const wish = parseArguments(args, process.env);
  const { host, sshOptions } = wish;
  const swarm = new SwarmClient({ host, sshOptions, redactor: redactorHere(process.env) });
  try {
    const services = await find(swarm, wish.names);
    const results = await Promise.all(
      services.map((service, index) => {
        const timings = {
          ...currentTimings(service),
          ...(wish.deadlineSeconds === undefined ? {} : { deadlineSeconds: wish.deadlineSeconds }),
          ...(wish.observeSeconds === undefined ? {} : { observeSeconds: wish.observeSeconds }),
        };
        const position = services.length > 1 ? { index: index + 1, total: services.length } : null;
        const name = service.Spec.Name ?? service.ID;
        const rollout = { host, sshOptions, service: name, planned: currentPlan(service), timings, position };
        return follow(swarm, rollout, {
          json: wish.json,
          mayRollBack: wish.rollBack,
          // Nobody asked for a change here.
          mayResume: false,
          judgeStatus: true,
          redraw: services.length === 1,
        });
      }),
    );
    return EXIT_CODES[worst(results.map((result) => result.outcome))];
  } catch (error) {
    if (!(error instanceof ConnectionError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return EXIT_CODES.unreachable;
  } finally {
    swarm.close();
  }
}

async function find(swarm: SwarmClient, names: readonly string[]): Promise<Service[]> {
  const all = await swarm.docker.services();
  return names.flatMap((name) => {
    const exact = all.filter((service) => service.Spec.Name === name || service.ID === name);
    const stack = all.filter(({ Spec }) => Spec.Labels?.['com.docker.stack.namespace'] === name);
    const found = exact.length > 0 ? exact : stack;
    if (found.length === 0)
      throw new UsageError(`there is no stack and no service ${name}\nsee \`docker service ls\``);
    return found.sort((a, b) => (a.Spec.Name ?? '').localeCompare(b.Spec.Name ?? ''));
  });
}

async function main(): Promise<number> {
  const args = process.argv.slice(2);
  if (answerHelp(args, USAGE)) return 0;
  const { ROLLOUT } = process.env;
  try {
    return ROLLOUT && args.every((arg) => arg === '--json')
      ? await gate(ROLLOUT, args.length > 0)
      : await followNamed(args);
  } catch (error) {
    if (!(error instanceof UsageError) && !/^cannot use the Docker host/.test((error as Error).message))
      throw error;
    process.stderr.write(`${(error as Error).message}\n`);
    return EXIT_USAGE;
  }
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(
      `the rollout gate itself failed: ${error instanceof Error ? error.stack : String(error)}\n`,
    );
    process.exitCode = 70;
  },
);
