import type { GateReport } from '../../contract/gate-report';
import { EXIT_CODES } from '../../contract/outcome';
import type { PlannedRollout } from '../../contract/rollout';
import type { ServiceSpec, Task } from '../docker/answers';
import { isRunning, isWanted, slotOf, wantedTasks } from '../docker/snapshot';
import { hashOf } from '../docker/standing';
import { shortImage } from '../images/same-image';
import { likelyCause } from './cause';
import { canGoBack } from './resume';
import type { Result } from './watch';

const HEADLINES = {
  converged: 'converged',
  rolledBack: 'FAILED, rolled back',
  timedOut: 'FAILED',
  paused: 'FAILED, paused half-way',
  superseded: 'FAILED, superseded by another change',
  unreachable: 'UNKNOWN, the server cannot be asked',
} as const;

const TASKS_SHOWN = 2;
/** Terraform's provider takes its time between the create and the gate. */
const CREATED_JUST_NOW_SECONDS = 120;

/** What a person reads at the end: one line for success; for a failure who, where, why, what runs now and what next. */
export function report(result: Result, where: Pick<PlannedRollout, 'host' | 'position'>): string {
  const { position } = where;
  const head = `${position ? `[${position.index}/${position.total}] ` : ''}${result.service}`;
  const seconds = `${result.seconds.toFixed(1)} s`;
  const resumed = result.resumed ? `, resumed ${result.resumed}` : '';
  if (result.outcome === 'converged') return `${head} converged in ${seconds}: ${change(result)}${resumed}`;
  const lines = [
    `${head} ${HEADLINES[result.outcome]} after ${seconds}: ${result.reason.replaceAll('\n', '\n  ')}${resumed}`,
  ];
  for (const task of distinct(result).slice(0, TASKS_SHOWN)) lines.push(...taskLines(task, result));
  if (result.snapshot) lines.push(`  runs now: ${runsNow(result)}`);
  lines.push(`  next: ${nextCommand(result)}`);
  return lines.join('\n');
}

/** The same for machines. */
export function machineReport(result: Result): GateReport {
  const spec = result.snapshot?.service.Spec;
  return {
    service: result.service,
    outcome: result.outcome,
    exitCode: EXIT_CODES[result.outcome],
    reason: result.reason,
    seconds: Number(result.seconds.toFixed(1)),
    running: result.progress.running,
    wanted: result.progress.wanted,
    replaced: result.replaced,
    resumed: result.resumed,
    image: spec?.TaskTemplate.ContainerSpec?.Image,
    previousImage: previousImage(result),
    specification: spec && hashOf(spec),
    at: result.snapshot && new Date(result.snapshot.now).toISOString(),
    tasks: distinct(result)
      .slice(0, TASKS_SHOWN)
      .map((task) => ({
        id: task.ID,
        slot: slotOf(task),
        node: result.evidence.get(task.ID)?.node ?? task.NodeID,
        state: task.Status.State,
        error: task.Status.Err ?? task.Status.Message,
        cause: spec && likelyCause(task, spec, result.evidence.get(task.ID)),
        health: result.evidence.get(task.ID)?.health,
        log: result.evidence.get(task.ID)?.log ?? [],
      })),
  };
}

function change(result: Result): string {
  const { snapshot } = result;
  if (!snapshot) return 'nothing is known';
  const { Spec, PreviousSpec, UpdateStatus } = snapshot.service;
  const image = shortImage(imageOf(Spec));
  const before = previousImage(result);
  const replicas = PreviousSpec?.Mode?.Replicated?.Replicas;
  const wanted = wantedTasks(snapshot);
  const tasks = `${result.replaced} ${result.replaced === 1 ? 'task' : 'tasks'}`;
  const age = (snapshot.now - Date.parse(snapshot.service.CreatedAt)) / 1000;
  const changed = PreviousSpec !== undefined || UpdateStatus?.State !== undefined;
  if (!changed && age < result.seconds + CREATED_JUST_NOW_SECONDS) return `created, ${image}, ${tasks}`;
  const said: string[] = [];
  if (before && before !== imageOf(Spec)) said.push(`${shortImage(before)} → ${image}`);
  else said.push(image);
  if (!UpdateStatus?.State && replicas !== undefined && replicas !== wanted)
    said.push(`${replicas} → ${wanted} replicas`);
  said.push(
    changed && result.replaced > 0
      ? `${tasks} ${UpdateStatus?.State ? 'replaced' : 'started'}`
      : 'no task replaced',
  );
  return said.join(', ');
}

function previousImage({ snapshot }: Result): string | undefined {
  const previous = snapshot?.service.PreviousSpec;
  return previous && imageOf(previous);
}

const imageOf = (spec: ServiceSpec): string => spec.TaskTemplate.ContainerSpec?.Image ?? '(no image)';

function taskLines(task: Task, result: Result): string[] {
  const evidence = result.evidence.get(task.ID);
  const node = evidence?.node ?? task.NodeID;
  const error = task.Status.Err ?? task.Status.Message ?? '';
  const spec = result.snapshot?.service.Spec;
  const cause = spec && likelyCause(task, spec, evidence);
  const image = shortImage(task.Spec.ContainerSpec?.Image ?? '?');
  return [
    `  task ${result.service}.${slotOf(task)} (${task.ID.slice(0, 12)}, ${image}) ${node ? `on ${node}` : 'on no node'}: ${task.Status.State}${error ? `, "${error}"` : ''}`,
    ...(cause ? [`  likely cause: ${cause.replaceAll('\n', '\n    ')}`] : []),
    ...(evidence?.health ? [`  last health check: ${evidence.health}`] : []),
    ...(evidence?.log.length
      ? [`  last ${evidence.log.length} log lines:`, ...evidence.log.map((line) => `    ${line}`)]
      : []),
  ];
}

/** One of a kind, those with evidence first: the same image failing in the same way in two slots is told once. */
function distinct({ culprits, evidence }: Result): Task[] {
  const seen = new Set<string>();
  const told = (task: Task) => evidence.get(task.ID)?.log.length ?? 0;
  return [...culprits]
    .sort((a, b) => told(b) - told(a))
    .filter((task) => {
      const kind = `${task.Spec.ContainerSpec?.Image} ${task.Status.State} ${task.Status.Err}`;
      return !seen.has(kind) && seen.add(kind);
    });
}

/** Counted from the tasks, for a specification says only what should run. */
function runsNow({ snapshot }: Result): string {
  if (!snapshot) return 'not known';
  const counts = new Map<string, number>();
  for (const task of snapshot.tasks.filter((task) => isWanted(task) && isRunning(task))) {
    const image = shortImage(task.Spec.ContainerSpec?.Image ?? '?');
    counts.set(image, (counts.get(image) ?? 0) + 1);
  }
  const wanted = wantedTasks(snapshot);
  const shown = [...counts].map(([image, count]) => `${count} × ${image}`).join(' and ');
  const status = snapshot.service.UpdateStatus?.State;
  return `${shown || 'nothing'} (${wanted} wanted${status ? `; Swarm says ${status}` : ''})`;
}

function nextCommand({ outcome, service, snapshot }: Result): string {
  const tasks = `docker service ps --no-trunc ${service}`;
  switch (outcome) {
    case 'rolledBack':
      return 'correct the image or setting and deploy again; the previous version is serving';
    case 'paused':
      return snapshot && canGoBack(snapshot.service)
        ? `correct it and deploy again, or go back: docker service rollback ${service} (all tasks: ${tasks})`
        : `correct it and deploy again, which goes on with it (all tasks: ${tasks})`;
    case 'timedOut':
      return snapshot && canGoBack(snapshot.service)
        ? `correct it and deploy again, or go back: docker service rollback ${service} (all tasks: ${tasks})`
        : `correct it and deploy again (all tasks: ${tasks}; log: docker service logs --tail 100 ${service})`;
    case 'superseded':
      return `find out who changed it (docker service inspect --pretty ${service}), then deploy again`;
    case 'unreachable':
      return `when the server answers again, look: ${tasks}; or deploy again, which checks it`;
    case 'converged':
      return '';
  }
}
