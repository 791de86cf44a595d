import type { Agenda } from '../kernel/agenda';
import type { NodeRecord, ServiceRecord, TaskRecord } from './records';

export type Change =
  | { readonly kind: 'service'; readonly what: 'create' | 'update' | 'delete'; readonly now: ServiceRecord }
  | { readonly kind: 'task'; readonly what: 'create' | 'update' | 'delete'; readonly now: TaskRecord }
  | { readonly kind: 'node'; readonly what: 'create' | 'update' | 'delete'; readonly now: NodeRecord }
  | { readonly kind: 'commit' };

export type Watcher = (change: Change) => void;

/** One state of one object; `record` is undefined from when it was removed. */
export interface Entry<T> {
  readonly at: number;
  readonly record: T | undefined;
}

/**
 * manager/state/store/memory.go: objects with one version number for all, and watchers that hear of a commit after it.
 * It keeps all that ever was, for answers that are old and for the judge.
 */
export class Store {
  readonly services = new Map<string, ServiceRecord>();
  readonly tasks = new Map<string, TaskRecord>();
  readonly nodes = new Map<string, NodeRecord>();
  readonly serviceLog = new Map<string, Entry<ServiceRecord>[]>();
  readonly nodeLog = new Map<string, Entry<NodeRecord>[]>();
  readonly taskLog = new Map<string, Entry<TaskRecord>[]>();
  index = 10;
  private readonly watchers = new Set<Watcher>();
  private pending: Change[] = [];
  private ids = 0;
  /** The leader's clock minus true time. */
  leaderClock = 0;

  constructor(private readonly agenda: Agenda) {}

  get now(): number {
    return this.agenda.now + this.leaderClock;
  }

  newId(kind: string): string {
    this.ids += 1;
    return `${kind}${String(this.ids).padStart(4, '0')}`;
  }

  watch(watcher: Watcher): () => void {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  }

  /** Everything that `work` writes is one transaction. */
  commit(work: () => void): void {
    work();
    const changes = this.pending;
    if (changes.length === 0) return;
    this.pending = [];
    // The watch queue is a channel: whoever wrote is not interrupted by those who hear of it.
    this.agenda.after(0, () => {
      for (const watcher of [...this.watchers]) {
        if (!this.watchers.has(watcher)) continue;
        for (const change of changes) watcher(change);
        watcher({ kind: 'commit' });
      }
    });
  }

  putService(given: Omit<ServiceRecord, 'version' | 'updatedAt'>): ServiceRecord {
    this.index += 1;
    const what = this.services.has(given.id) ? 'update' : 'create';
    const record = { ...given, version: this.index, updatedAt: this.now };
    this.services.set(record.id, record);
    log(this.serviceLog, record.id, { at: this.agenda.now, record });
    this.pending.push({ kind: 'service', what, now: record });
    return record;
  }

  putTask(given: Omit<TaskRecord, 'version' | 'updatedAt'>): TaskRecord {
    this.index += 1;
    const what = this.tasks.has(given.id) ? 'update' : 'create';
    const record = { ...given, version: this.index, updatedAt: this.now };
    this.tasks.set(record.id, record);
    log(this.taskLog, record.id, { at: this.agenda.now, record });
    this.pending.push({ kind: 'task', what, now: record });
    return record;
  }

  putNode(given: Omit<NodeRecord, 'version'>): void {
    this.index += 1;
    const what = this.nodes.has(given.id) ? 'update' : 'create';
    const record = { ...given, version: this.index };
    this.nodes.set(record.id, record);
    log(this.nodeLog, record.id, { at: this.agenda.now, record });
    this.pending.push({ kind: 'node', what, now: record });
  }

  removeService(record: ServiceRecord): void {
    this.services.delete(record.id);
    log(this.serviceLog, record.id, { at: this.agenda.now, record: undefined });
    this.pending.push({ kind: 'service', what: 'delete', now: record });
  }

  removeTask(id: string): void {
    const record = this.tasks.get(id);
    if (!record) return;
    this.tasks.delete(id);
    log(this.taskLog, id, { at: this.agenda.now, record: undefined });
    this.pending.push({ kind: 'task', what: 'delete', now: record });
  }

  tasksOf(serviceId: string): TaskRecord[] {
    return [...this.tasks.values()].filter((task) => task.serviceId === serviceId);
  }
}

function log<T>(logs: Map<string, Entry<T>[]>, id: string, entry: Entry<T>): void {
  const entries = logs.get(id);
  if (entries) entries.push(entry);
  else logs.set(id, [entry]);
}

/** What an object was at a time. */
export function recordAt<T>(entries: readonly Entry<T>[] | undefined, at: number): T | undefined {
  for (let index = (entries?.length ?? 0) - 1; index >= 0; index--) {
    if (entries![index]!.at <= at) return entries![index]!.record;
  }
  return undefined;
}
