import { Agenda } from '../kernel/agenda';
import { VirtualClock } from '../kernel/clock';
import { Random } from '../kernel/random';
import { Control } from '../manager/control';
import { type Engine, Manager } from '../manager/manager';
import { Agent, type Surroundings } from '../node/agent';
import { Dispatcher } from '../node/dispatcher';
import type { NodeRecord } from '../swarm/records';
import { Store } from '../swarm/store';

export interface WorldOptions {
  readonly seed: number;
  readonly historyLimit: number;
  readonly nodes: readonly (Omit<NodeRecord, 'version'> & { readonly clock: number })[];
  readonly surroundings: Surroundings;
  /** @default a new one */
  readonly engine?: Engine;
}

/** A whole Swarm under one virtual clock. */
export class World {
  readonly agenda = new Agenda();
  readonly random: Random;
  readonly store = new Store(this.agenda);
  readonly control = new Control(this.store);
  readonly clock = new VirtualClock(this.agenda);
  readonly manager: Manager;
  readonly dispatcher: Dispatcher;
  readonly agents = new Map<string, Agent>();
  /** Secrets and configs that exist. */
  readonly objects = new Set<string>();
  /** Updates that came through the product's Docker client. */
  readonly asked: { readonly at: number; readonly rollback: boolean }[] = [];
  /** What somebody else did. */
  readonly foreign: { readonly at: number; readonly what: string }[] = [];
  readonly historyLimit: number;
  /** The node whose engine is asked. */
  readonly asks: string;

  constructor({ seed, historyLimit, nodes, surroundings, engine }: WorldOptions) {
    this.random = new Random(seed);
    this.historyLimit = historyLimit;
    const { store, agenda, random } = this;
    this.asks = nodes[0]!.id;
    this.manager = new Manager(store, agenda, random, historyLimit, engine);
    this.dispatcher = new Dispatcher(store, agenda, random, this.manager);
    store.commit(() => {
      for (const { clock: _, ...node } of nodes) store.putNode(node);
    });
    for (const { id, clock } of nodes) {
      const agent = new Agent(id, agenda, random, surroundings, clock, (task, status) =>
        this.dispatcher.report(id, task, status),
      );
      this.agents.set(id, agent);
      this.dispatcher.add(agent);
    }
    this.manager.lead();
    agenda.runUntil(100);
  }

  /** Another manager leads after a while; its clock may be another. */
  changeLeader(ms: number, clock: number): void {
    if (!this.manager.leads) return;
    this.manager.resign();
    this.agenda.after(ms, () => {
      this.store.leaderClock = clock;
      this.manager.lead();
      this.dispatcher.begin();
    });
  }

  cutNode(id: string, ms: number): void {
    if (!this.dispatcher.isConnected(id)) return;
    this.dispatcher.cut(id);
    this.agenda.after(ms, () => this.dispatcher.register(id));
  }

  /** The engine of a node ends, and comes back; where it is the only manager's there is no leader meanwhile. */
  restartEngine(id: string, ms: number): void {
    const agent = this.agents.get(id);
    if (!agent?.up || !this.dispatcher.isConnected(id)) return;
    const alone =
      id === this.asks &&
      [...this.store.nodes.values()].filter(({ role }) => role === 'manager').length === 1;
    agent.kill();
    this.dispatcher.cut(id);
    if (alone) this.manager.resign();
    this.agenda.after(ms, () => {
      agent.boot();
      if (alone) {
        this.manager.lead();
        this.dispatcher.begin();
      }
      this.agenda.after(this.random.int(100, 2_000), () => this.dispatcher.register(id));
    });
  }

  /** By its operator: drained, paused, or active again. */
  setAvailability(id: string, availability: NodeRecord['availability']): void {
    const node = this.store.nodes.get(id);
    if (node) this.store.commit(() => this.store.putNode({ ...node, availability }));
  }
}
