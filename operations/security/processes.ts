import type { Process } from './rows/facts';

/**
 * What the kernel says of each process of a container's program, from the texts of /proc/<pid>/status.
 *
 * @returns undefined where it is no answer of that kind
 */
export function processesIn(text: string): Process[] | undefined {
  const all = text
    .split('\n\n')
    .filter((part) => part.includes('CapEff'))
    .map((part) =>
      Object.fromEntries([...part.matchAll(/^(\w+):\s+(.*)$/gm)].map(([, key, value]) => [key!, value!])),
    );
  const own = ofProgram(all);
  return own.length > 0 ? own : undefined;
}

/** Those that the container's first process has started: health checks, and who asks, come into it from outside. */
function ofProgram(all: readonly Process[]): Process[] {
  const own = new Set(['1']);
  for (let known = 0; known < own.size; ) {
    known = own.size;
    for (const { Pid, PPid } of all) if (own.has(PPid!)) own.add(Pid!);
  }
  return all.filter(({ Pid }) => own.has(Pid!));
}
