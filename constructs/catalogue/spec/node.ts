import type { Cpu, Memory } from '../../units';

/** The server, for what may be reserved on it. */
export interface NodeSpec {
  readonly cpus: Cpu;
  readonly memory: Memory;
}
