import { jobOf, type ServiceRecord, type Spec } from '../swarm/records';
import type { Store } from '../swarm/store';

/** As the daemon answers: daemon/cluster/services.go, with the status that its error handler makes of it. */
export class EngineError extends Error {
  constructor(
    readonly statusCode: number,
    message: string,
  ) {
    super(
      `(HTTP code ${statusCode}) ${statusCode === 404 ? 'no such service' : 'server error'} - ${message}`,
    );
  }
}

export const notFound = (id: string): EngineError => new EngineError(404, `service ${id} not found`);

/** manager/controlapi/service.go: what is asked for from outside. */
export class Control {
  constructor(private readonly store: Store) {}

  find(nameOrId: string): ServiceRecord | undefined {
    const { services } = this.store;
    return services.get(nameOrId) ?? [...services.values()].find(({ spec }) => spec.Name === nameOrId);
  }

  /** CreateService */
  create(spec: Spec): ServiceRecord {
    const { store } = this;
    if ([...store.services.values()].some((other) => other.spec.Name === spec.Name)) {
      throw new EngineError(
        409,
        `rpc error: code = AlreadyExists desc = name conflicts with an existing object: service ${spec.Name} already exists`,
      );
    }
    validateJob(spec);
    const id = store.newId('serv');
    const job = jobOf(spec) ? { jobIteration: 0 } : {};
    store.commit(() =>
      store.putService({ id, createdAt: store.now, spec, specVersion: store.index, ...job }),
    );
    return store.services.get(id)!;
  }

  /** UpdateService */
  update(id: string, version: number, spec: Spec, rollback = false): void {
    const { store } = this;
    const service = this.find(id);
    if (!service) throw notFound(id);
    if (rollback && !service.previousSpec) {
      throw new EngineError(
        400,
        `rpc error: code = FailedPrecondition desc = service ${id} does not have a previous spec`,
      );
    }
    // store.UpdateService compares it, after everything else: ErrSequenceConflict.
    if (service.version !== version) {
      throw new EngineError(500, 'rpc error: code = Unknown desc = update out of sequence');
    }
    validateJob(spec);
    if (Object.keys(spec.Mode ?? {})[0] !== Object.keys(service.spec.Mode ?? {})[0]) {
      throw new EngineError(500, 'rpc error: code = Unimplemented desc = service mode change is not allowed');
    }
    const { updateStatus: _, jobIteration, ...before } = service;
    const rest = jobIteration === undefined ? before : { ...before, jobIteration: jobIteration + 1 };
    const previous = { previousSpec: service.spec, previousSpecVersion: service.specVersion };
    store.commit(() =>
      rollback
        ? store.putService({
            ...rest,
            ...previous,
            spec: service.previousSpec!,
            specVersion: service.previousSpecVersion ?? 0,
            updateStatus: {
              state: 'rollback_started',
              message: 'manually requested rollback',
              startedAt: store.now,
            },
          })
        : store.putService({ ...rest, ...previous, spec, specVersion: version }),
    );
  }

  /** RemoveService */
  remove(id: string): void {
    const service = this.find(id);
    if (!service) throw notFound(id);
    this.store.commit(() => this.store.removeService(service));
  }
}

function validateJob(spec: Spec): void {
  if (!jobOf(spec) || !spec.UpdateConfig) return;
  throw new EngineError(400, 'rpc error: code = InvalidArgument desc = Jobs may not have an update config');
}
