import { Cpu, Memory } from '../units';

/** A drill runs a database in it. */
export const BACKUP_SIZE = {
  limits: { cpus: Cpu.cores(1), memory: Memory.mebibytes(768) },
  reservations: { cpus: Cpu.cores(0.05), memory: Memory.mebibytes(128) },
} as const;
