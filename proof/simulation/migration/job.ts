import { JOB_LABEL } from '../../../contract/job';
import { jobSpec } from '../../../operations/jobs/spec';
import { EPOCH } from '../api/views';
import type { Run } from '../node/agent';
import { SERVICE } from '../scenario/spec';
import type { ServiceRecord, Spec, Template } from '../swarm/records';
import type { World } from '../world/world';

const kindOf = ({ ContainerSpec }: Template): string | undefined => ContainerSpec.Labels?.[JOB_LABEL];

export const isMigration = (template: Template): boolean => kindOf(template) === 'migrate';
export const isByHand = (template: Template): boolean => kindOf(template) === 'run';

/** Services that are migrations, at this moment. */
export const migrationsIn = ({ store }: World): ServiceRecord[] =>
  [...store.services.values()].filter(({ spec }) => isMigration(spec.TaskTemplate));

/** Each run of a program of such a task, the older first, as it really was. */
export const runsOf = ({ agents }: World, which: (template: Template) => boolean): Run[] =>
  [...agents.values()]
    .flatMap(({ runs }) => runs)
    .filter(({ task }) => which(task.template))
    .sort((a, b) => a.from - b.from);

/** Somebody's `./proctor run`, whose program has just begun and who waits for it. */
export function runByHand({ control, agenda }: World, { TaskTemplate }: Spec): void {
  const job = { kind: 'run', suffix: 'run-0a1b2c', of: SERVICE, namespace: 'stack', timeoutSeconds: 3600 };
  control.create(jobSpec({ ...job, template: TaskTemplate }, EPOCH + agenda.now) as Spec);
}
