import type { Shell } from '../../contract/shell';
import { withDocker } from '../docker/client';
import { type Planned, planOf } from '../fresh/early';
import { hasStateMoved, type View } from '../fresh/open';
import type { ReadablePlan } from '../plan/changes/model';
import { makeDryPlan } from '../plan/dry-plan';
import { type JudgedPlan as Judged, readAndJudge, tellPlan } from '../plan/read-and-judge';
import { commandsInWords, replacementsOf } from '../plan/replacements';
import type { Need } from '../policy/need';
import { clearTheWay } from '../secrets/clear-the-way';
import { findHidden, readForgotten, refuseHidden } from '../secrets/forgotten';
import { readPlannedObjects } from '../secrets/leftovers';
import { redactorOf } from '../stack/redactor';
import type { SynthesizedStack } from '../stack/synthesized';
import type { Console } from '../terminal/console';
import { oneLine } from '../terminal/untrusted';
import { changesOf, type PlanDocument } from '../terraform/document';
import { isProtected } from '../terraform/plan';
import { terraformName } from '../terraform/program';
import type { TerraformRun } from '../terraform/run';

export interface PlanAndJudgeProps {
  readonly stack: SynthesizedStack;
  readonly terraform: TerraformRun;
  readonly view: View;
  /** A plan of that view that was begun already. @default none */
  readonly planned?: Planned | undefined;
  readonly environment: string;
  readonly acknowledge: readonly string[];
  /** What was acknowledged for the server itself, so that its name is not told to be one that nothing asked for. */
  readonly hostNeeds: readonly Need[];
  readonly shell: Shell;
  readonly projectFolder: string;
  readonly console: Console;
  readonly signal: AbortSignal;
  readonly waits: (words: string) => void;
  /** Nothing but these resources, and what they need. @default all */
  readonly only?: readonly string[];
  /** What the stack was remade with, for a look that synthesizes once more. */
  readonly remake?: ((out: string) => Promise<void>) | undefined;
}

/** A plan that read nothing was made of another state than its view saw: it was not told, and is to be made again. */
export const STATE_MOVED = 'the state has moved';

/** A plan that was told, and why it must not be applied; undefined where it may. */
export interface JudgedPlan {
  readonly plan: ReadablePlan;
  /** What was let through by name. */
  readonly acknowledged: readonly Need[];
  readonly stopped?: string;
  /** It holds secrets. @default none that may be applied */
  readonly document?: PlanDocument;
}

const STOPPED =
  'the policy stops this plan, nothing was changed\n  change the catalogue, or acknowledge by name what it would cost';
const PROTECTED =
  'the plan would destroy or replace a service, nothing was changed\n  export ALLOW_DESTROY=1 if that is meant, and acknowledge each by name';

/** A network that Terraform once did not see replaces all that is on it. */
const readOnceMore = () =>
  `${terraformName()} did not see all that is on the server and would have replaced services, a second look saw it; nothing was changed\n  run it again`;

const takesAwayService = (document: PlanDocument): boolean =>
  changesOf(document).some(
    ({ type, change }) => type === 'docker_service' && change.actions.includes('delete'),
  );

/** Plans, tells, and judges by the policy. @returns undefined when there is nothing to do, be the state moved or not */
export async function planAndJudge(
  props: PlanAndJudgeProps,
): Promise<JudgedPlan | typeof STATE_MOVED | undefined> {
  const { stack, terraform, console, waits, view } = props;
  let { planned } = props;
  const makePlan = async () => {
    const targets = (props.only ?? []).map((address) => `-target=${address}`);
    const document = await (planned?.document ?? planOf(stack, view, terraform, waits, targets));
    planned = undefined;
    return (
      document && { document, creates: readPlannedObjects(document), forgotten: readForgotten(document) }
    );
  };
  try {
    const made = await clearTheWay(stack, makePlan, console);
    if (!made) return undefined;
    const [judged, moved] = await Promise.all([
      judge(props, made.document),
      view.refresh === undefined && hasStateMoved(stack, terraform, view),
    ]);
    if (moved) return STATE_MOVED;
    tell(props, judged);
    const { acknowledged, passes } = judged.verdict;
    const { document } = made;
    return { plan: judged.plan, acknowledged, document, ...(passes ? {} : { stopped: STOPPED }) };
  } catch (error) {
    if (!isProtected(error)) throw error;
    // prevent_destroy ends a plan before there is one to show: looked at without it, in a folder that nobody applies.
    const { document } = await makeDryPlan({ ...props, say: waits, refresh: true });
    if (document) {
      const forgotten = readForgotten(document);
      if (forgotten.length > 0)
        refuseHidden(await withDocker(stack, (docker) => findHidden(docker, forgotten)));
    }
    if (!document || !takesAwayService(document)) throw new Error(readOnceMore());
    const judged = await judge(props, document);
    tell(props, judged);
    const commands = commandsInWords(replacementsOf(document)).map(oneLine);
    return { plan: judged.plan, acknowledged: [], stopped: [PROTECTED, ...commands].join('\n') };
  }
}

const judge = (props: PlanAndJudgeProps, document: PlanDocument): Promise<Judged> =>
  readAndJudge({ ...props, known: props.view.known, document });

const tell = ({ stack, shell, console }: PlanAndJudgeProps, judged: Judged): void =>
  tellPlan(console, judged, redactorOf(stack, shell));
