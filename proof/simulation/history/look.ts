import { assessService } from '../../../operations/status/service-status';
import { taskHealth } from '../../../operations/status/task-health';
import type { SimulatedDocker } from '../api/docker';
import type { StatusLook } from './played';

/** What `status` makes of a moment, asked as `operations/status/gather.ts` asks. Undefined where it got no answer. */
export async function lookAtAll(docker: SimulatedDocker): Promise<StatusLook | undefined> {
  try {
    const info = await docker.info();
    const services = await docker.services({ label: ['com.docker.stack.namespace=stack'] });
    const listedAt = docker.told.service;
    const filter = { service: services.map(({ ID }) => ID) };
    const tasks = services.length > 0 ? await docker.tasks(filter) : [];
    const at = services.length > 0 ? docker.told.tasks : docker.told.service;
    const current = services.length > 0 ? await docker.tasks({ ...filter, '_up-to-date': ['true'] }) : [];
    const health = taskHealth(await docker.containers());
    const upToDate = new Set(current.map(({ ID }) => ID));
    const now = Date.parse(info.SystemTime);
    const assessed = services.map((service) =>
      assessService(
        { service, tasks: tasks.filter(({ ServiceID }) => ServiceID === service.ID), upToDate, now },
        'stack',
        health,
      ),
    );
    return { at, listedAt, services: assessed };
  } catch {
    return undefined;
  }
}
