import { EXIT_UNWELL } from '../../contract/outcome';
import type { Release } from '../../contract/release';
import type { Shell } from '../../contract/shell';
import { forgetRestore } from '../backup/restore/forget';
import { hasStateMoved, type View } from '../fresh/open';
import { rememberView } from '../fresh/remember';
import { findByHand, nothingToDo } from '../plan/by-hand/find';
import type { Commit } from '../releases/author';
import { confirmedInWords, unconfirmed } from '../releases/confirm';
import { offPace } from '../releases/off-pace';
import { changedSomething, type RecordProps, recordRelease } from '../releases/record';
import type { Restoring } from '../releases/restore';
import type { SynthesizedStack } from '../stack/synthesized';
import { findUnwell } from '../status/unwell';
import type { Console } from '../terminal/console';
import { oneLine } from '../terminal/untrusted';
import type { TerraformRun } from '../terraform/run';
import type { DeployResult, End } from './result';

export type Recording = Pick<RecordProps, 'stack' | 'shell' | 'acknowledged' | 'commit'> & {
  readonly result: DeployResult;
  readonly restoring: Restoring | undefined;
  /** The one before, where this one only tells that it is well. */
  readonly failed?: Release;
};

/** The end of a deploy that is worth a record: what is out of the usual, and its record on the server. */
export async function recorded(
  { restoring, failed, result, ...rest }: Recording,
  console: Console,
): Promise<DeployResult> {
  const say = (line: string) => console.say(line);
  if (result.plan) for (const line of offPace(result, result.plan, rest.stack)) say(line);
  if (!changedSomething(result)) return result;
  const of = restoring ? (restoring.release.of ?? restoring.release.number) : failed?.of;
  const release = await recordRelease({ ...rest, result, of, say });
  if (restoring) say('the next ./proctor deploy rolls forward again, unless its commit says what runs now');
  return { ...result, release: release ?? null };
}

/** It is nobody's fault, and the deploy is as good: only the next one takes longer. */
export function tellForgotten(console: Console, why: string | undefined): void {
  if (why !== undefined) console.say(`  the next plan reads everything from the server again: ${why}`);
}

export interface UnchangedProps {
  readonly stack: SynthesizedStack;
  readonly shell: Shell;
  readonly console: Console;
  readonly terraform: TerraformRun;
  /** Of which the plan was empty. */
  readonly view: View;
  /** It was a plan of these alone. @default of all */
  readonly only?: readonly string[] | undefined;
  readonly restoring: Restoring | undefined;
  readonly committed: Commit | Promise<Commit>;
  readonly end: End;
}

/**
 * The end of a deploy whose plan is empty: whether all is well, what somebody has by hand, and what the next plan need not
 * read.
 *
 * @returns undefined where somebody else has written a state of which nothing is proved
 */
export async function endUnchanged(props: UnchangedProps): Promise<DeployResult | undefined> {
  const { stack, shell, console, terraform, view, only, restoring, end } = props;
  const [unwell, byHand, moved, failed] = await Promise.all([
    findUnwell(stack),
    findByHand(stack),
    hasMoved(props),
    only ? undefined : unconfirmed(stack),
    forgetRestore(stack),
  ]);
  if (moved && view.refresh === undefined) return undefined;
  console.say(nothingToDo(byHand, restoring && `release ${restoring.release.number}`));
  for (const line of byHand) console.say(`  ${oneLine(line)}`);
  // A plan of a part, or of what somebody else left meanwhile, says nothing of all that was seen.
  tellForgotten(console, await rememberView(stack, terraform, view, !moved && !only));
  if (unwell.length === 0) {
    const result = end({ outcome: 'unchanged', exitCode: 0 });
    if (!failed) return result;
    console.say(`  ${confirmedInWords(failed)}`);
    const commit = await props.committed;
    return recorded({ stack, shell, result, acknowledged: [], commit, restoring, failed }, console);
  }
  for (const line of unwell) console.say(`  ${line}`);
  const error = `nothing is to be deployed, and ${unwell.length === 1 ? '1 service is' : `${unwell.length} services are`} not well\n  ./proctor status and docker service logs say more`;
  console.fault(error);
  return end({ outcome: 'unwell', exitCode: EXIT_UNWELL, error });
}

/** Where everything was read, that decides nothing but what is remembered. */
const hasMoved = ({ stack, terraform, view }: UnchangedProps): Promise<boolean> =>
  hasStateMoved(stack, terraform, view).catch((error) => {
    if (view.refresh === undefined) throw error;
    return true;
  });
