import type { Cpu, Memory } from '../../units';

/** The server, for what may be reserved on it. */
export interface NodeSpec {
  /**
   * CPUs of the server.
   * @example cpus: Cpu.cores(4)
   * @change restarts nothing; how many applications roll at the same time follows from it
   */
  readonly cpus: Cpu;
  /**
   * Memory of the server.
   * @example memory: Memory.gibibytes(8)
   * @change restarts nothing; how many applications roll at the same time follows from it
   */
  readonly memory: Memory;
  /**
   * How many nodes the Swarm has, for the rule one-place. What is reserved has to fit on one of them all the same.
   * @default 1
   * @example count: 3
   * @change restarts nothing
   */
  readonly count?: number;
}
