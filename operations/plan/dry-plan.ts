import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { StepLine } from '../../contract/host';
import type { Shell } from '../../contract/shell';
import { hasStateMoved, inWords, openView, planOptionsOf } from '../fresh/open';
import { hostNeeds } from '../host/acknowledgements';
import { checkHost, failures } from '../host/check';
import type { Need } from '../policy/need';
import { askSecrets, type Opened, openEnvironment, refuse, refuseMissing, terraformOf } from '../stack/open';
import { redactorOf } from '../stack/redactor';
import type { SynthesizedStack } from '../stack/synthesized';
import type { PlanDocument } from '../terraform/document';
import { plan, planText } from '../terraform/plan';
import type { TerraformRun } from '../terraform/run';
import { PLAN_FILE } from '../terraform/running';
import type { KnownObject } from '../terraform/state-contents';

export interface DryPlanProps {
  readonly environment: string;
  readonly projectFolder: string;
  readonly shell: Shell;
  readonly signal: AbortSignal;
  readonly say: (words: string) => void;
  /** Read everything from the server, though a record proves that nothing has changed. @default true */
  readonly refresh?: boolean;
  /** See `OpenProps`. */
  readonly remake?: ((out: string) => Promise<void>) | undefined;
}

export interface DryPlan {
  readonly stack: SynthesizedStack;
  /** What a deploy makes otherwise on the server itself first; empty where the catalogue leaves it as it is. */
  readonly server: readonly StepLine[];
  /** What has to be acknowledged for that. */
  readonly hostNeeds: readonly Need[];
  /** What the state has. */
  readonly known: readonly KnownObject[];
  /** Undefined when there is nothing to do. */
  readonly document: PlanDocument | undefined;
  /** Terraform's own words, without sensitive values. */
  readonly fullText: string;
  /** The shell with what the `.env` file and commands add to it. */
  readonly shell: Shell;
}

/**
 * A plan that nobody can apply: in a folder of its own, deleted before this returns, and without the state's lock, so
 * that a look that is cancelled locks nobody out. It also shows what `prevent_destroy` would keep a deploy from.
 *
 * @throws what a failed synth, init or plan throws
 */
export function makeDryPlan(props: DryPlanProps): Promise<DryPlan> {
  const { environment, projectFolder, shell, signal, say, remake } = props;
  return openEnvironment(
    {
      environment,
      projectFolder,
      shell,
      signal,
      purpose: 'plan',
      allowDestroy: true,
      say,
      remake,
      onWait: (holder) => say(`${holder}: waiting for up to 10 minutes`),
    },
    (opened) => planIn(opened, props),
  );
}

async function planIn(opened: Opened, props: DryPlanProps): Promise<DryPlan> {
  const { signal } = props;
  refuse(opened.findings);
  const asked = await askSecrets(opened, props);
  refuseMissing(asked);
  const { stack, host, shell } = asked;
  const lines = host ? await checkHost(host) : [];
  const broken = failures(lines);
  if (broken) throw new Error(broken);
  const server = lines.filter(({ kind }) => kind === 'differs');
  const terraform = terraformOf(asked, signal);
  try {
    const looked =
      (await look(stack, terraform, props)) ?? (await look(stack, terraform, { ...props, refresh: true }))!;
    return { stack, server, hostNeeds: hostNeeds(lines), shell, ...looked };
  } catch (error) {
    const why = redactorOf(stack, shell).show((error as Error).message);
    // A bare server has nothing that could be planned for yet.
    const first = server.map(({ step, text }) => `\n  the server is not ready yet, ${step}: ${text}`);
    throw new Error(`${why}${first.join('')}`);
  } finally {
    // It holds every secret.
    rmSync(join(stack.folder, PLAN_FILE), { force: true });
  }
}

/** @returns undefined where it read nothing from the server, and the state is another one meanwhile */
async function look(
  stack: SynthesizedStack,
  terraform: TerraformRun,
  { refresh = true, say }: Pick<DryPlanProps, 'refresh' | 'say'>,
): Promise<Pick<DryPlan, 'known' | 'document' | 'fullText'> | undefined> {
  const view = await openView(stack, terraform, refresh);
  const { known, strange } = view;
  refuse(strange);
  if (!refresh) for (const line of inWords(view)) say(line);
  const document = view.isEmpty
    ? undefined
    : await plan(terraform, say, { lock: false, more: planOptionsOf(view) });
  const [fullText, moved] = await Promise.all([
    document ? planText(terraform) : '',
    view.refresh === undefined && hasStateMoved(stack, terraform, view),
  ]);
  return moved ? undefined : { known, document, fullText };
}
