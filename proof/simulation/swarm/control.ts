import type { ServiceRecord, Spec } from './records';
import type { Store } from './store';

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
    const id = store.newId('serv');
    store.commit(() => store.putService({ id, createdAt: store.now, spec, specVersion: store.index }));
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
    const { updateStatus: _, ...rest } = service;
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
