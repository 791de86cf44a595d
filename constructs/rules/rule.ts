import type { SwarmService } from '../swarm';
import type { Cpu, Memory } from '../units';

/** What rules look at: the services as constructs, and the node that they must fit on. */
export interface RuleContext {
  readonly services: readonly SwarmService[];
  readonly node: { readonly cpus: Cpu; readonly memory: Memory; readonly count?: number };
  /** Services that may roll at the same time, wave by wave. */
  readonly waves: readonly (readonly SwarmService[])[];
  /** What runs once before a service rolls, with all that the service has. */
  readonly migrations: readonly { readonly service: string; readonly command: readonly string[] }[];
  /** A disposable environment may run images that have no digest. */
  readonly disposable: boolean;
}

export interface Violation {
  readonly service: SwarmService;
  readonly problem: string;
  readonly fix: string;
}

/** One house rule: what it is called, and what breaks it. */
export interface Rule<Name extends string = string> {
  readonly name: Name;
  check(context: RuleContext): Violation[];
}

type Finding = { problem: string; fix: string };

/** A rule that looks at one service at a time. */
export function serviceRule<const Name extends string>(
  name: Name,
  check: (service: SwarmService, context: RuleContext) => Iterable<Finding>,
): Rule<Name> {
  return {
    name,
    check: (context) =>
      context.services.flatMap((service) =>
        [...check(service, context)].map((finding) => ({ service, ...finding })),
      ),
  };
}
