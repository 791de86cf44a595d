import type { Rule, RuleContext } from '../../../constructs/rules';
import type { SwarmService, SwarmServiceProps, SwarmStack } from '../../../constructs/swarm';
import { newService, resources } from './services';
import { newStack } from './template';

/** What rules look at, around services that `build` makes; a node on which they fit, one wave for each. */
export function contextOf(
  build: (stack: SwarmStack) => readonly SwarmService[],
  context: Partial<RuleContext> = {},
): RuleContext {
  const services = build(newStack());
  return {
    services,
    node: resources(4, 8192),
    waves: services.map((service) => [service]),
    migrations: [],
    disposable: false,
    ...context,
  };
}

/** What a rule has against a service `web` that breaks none but for these props: problem and fix, line by line. */
export const findings = (
  rule: Rule,
  props: Partial<SwarmServiceProps> = {},
  context: Partial<RuleContext> = {},
): string[] =>
  rule
    .check(contextOf((stack) => [newService(stack, 'web', props)], context))
    .map(({ service, problem, fix }) => `${service.node.id} ${problem}\n${fix}`);
