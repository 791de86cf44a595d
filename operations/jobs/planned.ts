import type { JobSettings } from '../../contract/job';
import type { PlannedObject } from '../../contract/rollout';
import type { ServiceSpec, SwarmObject } from '../docker/answers';
import type { Docker } from '../docker/client';
import { type Job, taskWith } from './spec';

// biome-ignore lint/suspicious/noExplicitAny: a specification is given to the engine in its own words
type Json = any;

/**
 * The job of a step: a task as the plan has it, which need not run anywhere yet.
 *
 * @throws where a secret or config of it is not on the server
 */
export async function plannedJob(
  { kind, service, namespace, planned, command, timeoutSeconds }: JobSettings,
  docker: Pick<Docker, 'secrets' | 'configs'>,
): Promise<Job> {
  const secrets = planned.secrets ?? [];
  const configs = planned.configs ?? [];
  const names = namesIn(
    secrets.length > 0 ? await docker.secrets() : [],
    configs.length > 0 ? await docker.configs({ id: configs.map(({ id }) => id) }) : [],
  );
  const { TaskTemplate = {} } = (planned.spec ?? {}) as Json;
  const spec: ServiceSpec = {
    TaskTemplate: {
      ...TaskTemplate,
      ContainerSpec: {
        ...TaskTemplate.ContainerSpec,
        Image: planned.image,
        Command: planned.command ?? [],
        Args: planned.args ?? [],
        Env: planned.env ?? [],
        Secrets: secrets.map((one) => ({ SecretID: one.id, SecretName: names.of(one), File: fileOf(one) })),
        Configs: configs.map((one) => ({ ConfigID: one.id, ConfigName: names.of(one), File: fileOf(one) })),
      },
    },
    // An application's volumes are for all of its tasks.
    UpdateConfig: { Order: 'start-first' },
  };
  return { kind, suffix: kind, of: service, namespace, template: taskWith(command, spec), timeoutSeconds };
}

/** Terraform may make a text of a number. */
const fileOf = ({ file }: PlannedObject) => ({ ...file, Mode: Number(file?.Mode ?? 0o444) });

/** The engine wants both, the id and the name. */
function namesIn(...objects: readonly (readonly SwarmObject[])[]) {
  const byId = new Map(objects.flat().map(({ ID, Spec }) => [ID, Spec?.Name ?? '']));
  return {
    of: ({ id, name }: PlannedObject): string => {
      const found = byId.get(id);
      if (found) return found;
      throw new Error(`${name ?? id} is not on the server any more\n  deploy again: Terraform makes it`);
    },
  };
}
