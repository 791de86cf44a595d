import type { Surroundings } from '../node/agent';
import type { Program, Pull } from '../node/program';
import type { TaskRecord } from '../swarm/records';
import { all, of, type Scenario } from './ingredients';
import { IMAGES, newSpec, oldSpec } from './spec';

export const nodeId = (number: number): string => `node${number}`;

/** How programs and pulls go, by what the scenario says. */
export class Behaviour implements Surroundings {
  deployAt = Number.POSITIVE_INFINITY;
  private readonly starts = new Map<string, number>();
  private readonly scenario: Scenario;

  constructor(scenario: Scenario) {
    this.scenario = scenario;
  }

  program(task: TaskRecord, node: string): Program {
    const { ingredients } = this.scenario;
    const image = task.template.ContainerSpec.Image;
    const version = this.versionOf(task);
    const bad = image === IMAGES.bad;
    const hit = <F extends { of?: string; node?: number; times: number }>(faults: readonly F[]) =>
      faults.find((fault, at) => {
        if (fault.of !== version || (fault.node !== undefined && nodeId(fault.node) !== node)) return false;
        const key = `${version} ${at} ${faults[0] && 'code' in faults[0]}`;
        const count = (this.starts.get(key) ?? 0) + 1;
        this.starts.set(key, count);
        return count <= fault.times;
      });
    const settled = this.deployAt < Number.POSITIVE_INFINITY;
    const crash = settled ? hit(all(ingredients, 'crash')) : undefined;
    const sick = settled ? hit(all(ingredients, 'sick')) : undefined;
    const error = settled ? hit(all(ingredients, 'startError')) : undefined;
    const slow = all(ingredients, 'slowStart').find((one) => one.of === version);
    const ends = bad ? { afterMs: 1_000, code: 1 } : crash && endOf(crash);
    return {
      readyMs: slow?.ms ?? 300,
      stopMs: of(this.scenario, 'slowStop')?.ms ?? 300,
      stopCode: 0,
      ...(ends ? { ends } : {}),
      ...(sick ? { sickAfterMs: sick.afterMs } : {}),
      ...(error ? { startError: 'exec: "/launch": executable file not found in $PATH: unknown' } : {}),
    };
  }

  pull(image: string, node: string): Pull {
    const { ingredients } = this.scenario;
    const here = (one: { node?: number }) => one.node === undefined || nodeId(one.node) === node;
    if (image === IMAGES.bad) {
      return { ms: 300, fails: of(this.scenario, 'earlier')?.of !== 'crashing' };
    }
    const bad = all(ingredients, 'badPull').find(here);
    const slow = all(ingredients, 'slowPull').find(here);
    return { ms: slow?.ms ?? 500, fails: bad !== undefined && this.now() < this.deployAt + bad.untilMs };
  }

  /** Set by whoever knows the time. */
  now: () => number = () => 0;

  private versionOf(task: TaskRecord): 'old' | 'new' | undefined {
    const text = JSON.stringify(task.template);
    if (text === JSON.stringify(newSpec(this.scenario).TaskTemplate)) return 'new';
    return text === JSON.stringify(oldSpec(this.scenario).TaskTemplate) ? 'old' : undefined;
  }
}

const endOf = ({ afterMs, code, outOfMemory }: { afterMs: number; code: number; outOfMemory?: boolean }) => ({
  afterMs,
  code,
  ...(outOfMemory ? { outOfMemory } : {}),
});
