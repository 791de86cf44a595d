import { inWords as probeInWords } from '../probe/statistics';
import type { SynthesizedStack } from '../stack/synthesized';
import type { Console } from '../terminal/console';
import { table } from '../terminal/table';
import type { DeployOptions } from './options';
import type { DeployResult } from './result';
import { verdictLines } from './verdict';

type Told = Pick<DeployResult, 'outcome' | 'exitCode' | 'services' | 'probe' | 'runs'>;

/** The end of a deploy for people: the table, what the probe saw, what runs now, what to do next. */
export function tellVerdict(console: Console, result: Told, next: string): void {
  const { services, probe, runs, outcome, exitCode } = result;
  const within = (indent: number) => console.columns && console.columns - indent;
  console.part('verdict');
  for (const line of verdictLines(services, within(2))) console.say(`  ${line}`);
  if (probe) console.say(`  probe: ${probeInWords(probe)}`);
  for (const words of probe?.breaches ?? []) console.say(`  probe: ${words}`);
  if (runs.length > 0) console.say('  runs now:');
  const running = runs.map((one) => [one.service, one.running]);
  for (const line of table(running, { columns: within(4), flexible: [1], head: false }))
    console.say(`    ${line}`);
  console.endPart();
  if (exitCode === 0) console.say(outcome);
  else console.fault(`${outcome} (exit code ${exitCode})`);
  console.say(`next: ${next}`);
}

/** The next command. */
export function nextStep(facts: {
  readonly stack: Pick<SynthesizedStack, 'id' | 'host' | 'namespace'>;
  /** The release that was gone back to. */
  readonly backTo?: number | undefined;
  readonly exitCode: number;
  readonly reachable: boolean;
  readonly putBack: boolean;
  readonly interrupted: boolean;
  /** Some service is not what it was, or was set about. */
  readonly changed: boolean;
}): string {
  const { stack, backTo } = facts;
  const environment = stack.id === 'swarm' ? undefined : stack.id.replace(/^swarm-/, '');
  const again = commandOf({ to: backTo, environment });
  if (facts.exitCode === 0) return `docker -H ${stack.host} stack services ${stack.namespace}`;
  if (!facts.reachable)
    return `when the server answers again: ${again}, which checks everything it had begun`;
  if (facts.interrupted) return `${again}, which checks everything it had begun`;
  if (facts.putBack) return `correct what failed, then ${again}; its plan shows again what was put back`;
  // From a way back, `previous` would lead to what it was to get away from; where nothing changed, to before what runs.
  if (backTo !== undefined || !facts.changed) return `correct what failed, then ${again}`;
  return `correct what failed, then ${again}; to go back instead: ${commandOf({ to: 'previous', environment })}`;
}

/** What was asked for, to be asked for again. */
export const commandOf = ({
  to,
  environment,
}: Pick<DeployOptions, 'to'> & { readonly environment?: string | undefined }): string =>
  [
    to === undefined ? './proctor deploy' : `./proctor rollback --to ${to}`,
    ...(environment === undefined ? [] : [`--environment ${environment}`]),
  ].join(' ');
