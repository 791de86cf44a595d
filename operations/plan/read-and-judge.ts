import type { Release } from '../../contract/release';
import type { Shell } from '../../contract/shell';
import { assessBackup } from '../backup/assess';
import { type BackupFacts, gatherBackup } from '../backup/facts';
import { believedSettings, judgeByBackups, type Risked } from '../backup/policy';
import type { Service } from '../docker/answers';
import { type DockerClient, withDocker } from '../docker/client';
import { judgeNeeds, type PolicyDecision } from '../policy/acknowledgements';
import type { Need } from '../policy/need';
import { decisionLines } from '../policy/text';
import { gatherCapacity } from '../preflight/capacity';
import { gatherPair } from '../preflight/certificate';
import { paceOf } from '../records/pace';
import { readReleases } from '../records/store';
import { askExisting, type ExistingObject } from '../stack/existing';
import type { Redactor } from '../stack/redactor';
import { readDeclaredNames, strangersInWords, strangersOf } from '../stack/strangers';
import type { SynthesizedStack } from '../stack/synthesized';
import type { Console } from '../terminal/console';
import { oneLine } from '../terminal/untrusted';
import type { PlanDocument } from '../terraform/document';
import type { KnownObject } from '../terraform/state-contents';
import { byHandIn } from './by-hand/find';
import { type Capacity, capacityOf } from './capacity';
import type { ReadablePlan } from './changes/model';
import { readPlan } from './changes/read-plan';
import { heldPorts } from './held-ports';
import { logGrowth } from './log-growth';
import { uncleanEnds } from './major';
import { planLines } from './text';

export interface ReadAndJudgeProps {
  readonly stack: SynthesizedStack;
  readonly document: PlanDocument;
  /** What the state has. */
  readonly known: readonly KnownObject[];
  readonly shell: Shell;
  readonly projectFolder: string;
  readonly acknowledge: readonly string[];
  /** What a deploy does on the server itself under the same policy. */
  readonly hostNeeds: readonly Need[];
}

/** A plan, read and judged. */
export interface JudgedPlan {
  readonly plan: ReadablePlan;
  readonly verdict: PolicyDecision;
  /** Undefined where the server could not be asked. */
  readonly capacity: Capacity | undefined;
  /** Empty, too, where the server could not be asked. */
  readonly strangers: readonly ExistingObject[];
  /** What services have by hand that no plan shows, and this one leaves. @default nothing, or the server could not be asked */
  readonly byHand?: readonly string[];
}

/** Reads a plan, asks the server what it has room for, and judges it by the policy. */
export async function readAndJudge(props: ReadAndJudgeProps): Promise<JudgedPlan> {
  const { stack, document, shell, projectFolder } = props;
  const { settings, services } = stack;
  const provided = gatherPair(settings, shell, projectFolder);
  const seen: { read?: ReadablePlan; running?: readonly Service[] } = {};
  const readBeside = (running: readonly Service[]): ReadablePlan => {
    seen.running = running;
    seen.read = readPlan(document, { settings, services, provided, now: new Date(), running });
    return seen.read;
  };
  const server = await askServer(stack, props.known, readBeside);
  const read = seen.read ?? readBeside([]);
  const backed = judgeByBackups(
    read.needs,
    riskedBy(read),
    believedSettings(stack.settings.backup, seen.running, stack.namespace),
    server?.backup?.facts,
    server?.backup?.now ?? Date.now(),
  );
  const refusals = [
    ...read.refusals,
    ...heldPorts(seen.running ?? [], stack, document),
    ...backed.refusals,
    ...(await unclean(stack, read)),
  ];
  const told = withGrowth(withPaces(read, server?.releases ?? []), server?.growth);
  const plan = { ...told, needs: backed.needs, refusals };
  const verdict = judgeNeeds({ needs: [...props.hostNeeds, ...plan.needs], refusals }, props.acknowledge);
  const byHand = byHandIn(seen.running ?? [], stack, plan.services);
  return { plan, verdict, capacity: server?.capacity, strangers: server?.strangers ?? [], byHand };
}

/**
 * Says the plan and the verdict.
 *
 * @param hostNeeds what is still to come on the server itself
 * @throws {LeakError} before anything is said, when it would show a secret
 */
export function tellPlan(
  console: Console,
  { plan, capacity, verdict, strangers, byHand = [] }: JudgedPlan,
  redactor: Redactor,
  hostNeeds: readonly Need[] = [],
): void {
  const linesWithin = (columns?: number) => [
    ...planLines(plan, { capacity, hostNeeds, columns }),
    ...strangersInWords(strangers).map(oneLine),
    ...byHand.map(oneLine),
    ...decisionLines(verdict),
  ];
  // A secret that is broken into two lines is a secret all the same.
  redactor.check(linesWithin().join('\n'), 'the plan');
  for (const line of linesWithin(console.columns && console.columns - 2)) console.say(`  ${line}`);
}

/** Services whose data the plan risks. */
const riskedBy = ({ services }: ReadablePlan): Risked[] =>
  services
    .filter(({ risks }) => risks.length > 0)
    .map((change) => ({ ...change, removed: change.action === 'destroy' }));

/** What the releases on record say of rolls like these. */
const withPaces = (plan: ReadablePlan, releases: readonly Release[]): ReadablePlan => ({
  ...plan,
  services: plan.services.map((change) => {
    const pace = change.action === 'update' && change.restarts && paceOf(releases, change.service);
    return pace ? { ...change, pace } : change;
  }),
});

/** What the server says of the disk that binary logs will take. */
const withGrowth = (plan: ReadablePlan, growth: ServerFacts['growth'] = new Map()): ReadablePlan => ({
  ...plan,
  services: plan.services.map((change) => {
    const words = growth.get(change.service);
    return words === undefined ? change : { ...change, notes: [...change.notes, words] };
  }),
});

interface ServerFacts {
  readonly capacity: Capacity;
  readonly strangers: readonly ExistingObject[];
  readonly releases: readonly Release[];
  /** How much disk a binary log takes that comes on, by the service. */
  readonly growth: ReadonlyMap<string, string>;
  /** Asked where the plan risks data that is in backups. */
  readonly backup?: { readonly facts: BackupFacts; readonly now: number };
}

/** @param readBeside called with what runs as soon as that is known, whatever else cannot be asked then */
async function askServer(
  stack: SynthesizedStack,
  known: readonly KnownObject[],
  readBeside: (running: readonly Service[]) => ReadablePlan,
): Promise<ServerFacts | undefined> {
  try {
    return await withDocker(stack, async (docker) => {
      const asked = Promise.all([docker.nodes(), readReleases(docker, stack.namespace).catch(() => [])]);
      asked.catch(() => {});
      const running = await docker.services();
      const read = readBeside(running);
      const [nodes, releases] = await asked;
      const room = await gatherCapacity(docker, nodes, running, stack.namespace);
      const capacity = capacityOf(read, stack.services, room);
      const [strangers, backup, growth] = await Promise.all([
        askStrangers(docker, stack, known, running),
        askBackup(docker, stack, read, running),
        logGrowth(docker, stack.namespace, read.services),
      ]);
      return { capacity, strangers, releases, growth, ...(backup ? { backup } : {}) };
    });
  } catch {
    // Terraform has just reached the server: the plan is worth telling without what it would say.
    return undefined;
  }
}

/** What nobody can tell is refused, as what is: asked by itself, so that nothing else that fails makes it unknown. */
async function unclean(stack: SynthesizedStack, { services }: ReadablePlan): Promise<string[]> {
  const { stateful = [] } = stack.settings;
  const unknown = await uncleanEnds(undefined, stack.namespace, services, stateful);
  if (unknown.length === 0) return [];
  const ask = (docker: DockerClient) => uncleanEnds(docker, stack.namespace, services, stateful);
  return withDocker(stack, ask).catch(() => unknown);
}

async function askBackup(
  docker: DockerClient,
  { settings, namespace }: SynthesizedStack,
  plan: ReadablePlan,
  running: readonly Service[],
): Promise<ServerFacts['backup'] | undefined> {
  const backup = believedSettings(settings.backup, running, namespace);
  if (!backup || riskedBy(plan).length === 0) return undefined;
  const facts = await gatherBackup(docker, backup.service).catch((error: Error) => ({
    runs: [],
    unknown: error.message,
  }));
  return { facts, now: (await docker.clock()) ?? Date.now() };
}

/** Where nothing changes there is no plan, and they are there all the same. */
export async function findStrangers(
  stack: SynthesizedStack,
  known: readonly KnownObject[],
): Promise<readonly ExistingObject[]> {
  const asked = withDocker(stack, async (docker) =>
    askStrangers(docker, stack, known, await docker.services()),
  );
  return asked.catch(() => []);
}

async function askStrangers(
  docker: DockerClient,
  { folder, namespace }: SynthesizedStack,
  known: readonly KnownObject[],
  running: readonly Service[],
): Promise<readonly ExistingObject[]> {
  try {
    const existing = await askExisting(docker, namespace, running);
    return strangersOf(existing, readDeclaredNames(folder, namespace), known);
  } catch {
    return [];
  }
}

/** What is wrong with the backups that the catalogue has, in words; nothing where the server cannot be asked. */
export async function findBackupProblems(stack: SynthesizedStack): Promise<readonly string[]> {
  const { backup } = stack.settings;
  if (!backup) return [];
  const asked = withDocker(stack, async (docker) => {
    const there = (await docker.services({ name: [backup.service] })).some(
      ({ Spec }) => Spec.Name === backup.service,
    );
    // Before the deploy that brings them there is nothing to say.
    if (!there) return [];
    const facts = await gatherBackup(docker, backup.service);
    return assessBackup(backup, facts, (await docker.clock()) ?? Date.now()).problems;
  });
  return asked.catch(() => []);
}
