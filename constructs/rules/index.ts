import type { SwarmService } from '../swarm';
import { backupElsewhere } from './backup-elsewhere';
import { capacity } from './capacity';
import { connectionsFit } from './connections-fit';
import { graceCoversDrain } from './grace-covers-drain';
import { healthcheck } from './healthcheck';
import { hostPortReplicas } from './host-port-replicas';
import { imagePinned } from './image-pinned';
import { leastPrivilege } from './least-privilege';
import { limits } from './limits';
import { logRotation } from './log-rotation';
import { noHostMount } from './no-host-mount';
import { noSecretInSettings } from './no-secret-in-settings';
import { oneEnvEntry } from './one-env-entry';
import { onePlace } from './one-place';
import { oneWriter } from './one-writer';
import { onlyIngressPublishes } from './only-ingress-publishes';
import { restartAny } from './restart-any';
import type { Rule, RuleContext } from './rule';
import { startFirstSafe } from './start-first-safe';
import { statefulShape } from './stateful-shape';

export type { Rule, RuleContext, Violation } from './rule';

/** The house rules, in the order in which their violations are listed. */
export const RULES = [
  imagePinned,
  limits,
  healthcheck,
  startFirstSafe,
  hostPortReplicas,
  oneWriter,
  onePlace,
  statefulShape,
  onlyIngressPublishes,
  noSecretInSettings,
  noHostMount,
  leastPrivilege,
  restartAny,
  graceCoversDrain,
  logRotation,
  connectionsFit,
  oneEnvEntry,
  backupElsewhere,
  capacity,
] as const;

export type RuleName = (typeof RULES)[number]['name'];

/** Every violation that nobody acknowledged, each with the construct's path, the rule, the problem and the fix. */
export function checkRules(context: RuleContext): string[] {
  return RULES.flatMap((rule) =>
    rule
      .check(context)
      .filter(({ service }) => !reasonOf(rule, service))
      .map(({ service, problem, fix }) => `${service.node.path} (${rule.name}): ${problem}\n  ${fix}`),
  );
}

/** The acknowledgements that are in force, for the plan: service, rule and reason. */
export function acknowledgements(context: RuleContext): string[] {
  const lines = RULES.flatMap((rule) =>
    rule.check(context).flatMap(({ service }) => {
      const reason = reasonOf(rule, service);
      return reason ? [`${service.node.id} breaks ${rule.name}: ${reason}`] : [];
    }),
  );
  return [...new Set(lines)];
}

const reasonOf = (rule: Rule, { props }: SwarmService) => props.acknowledge?.[rule.name]?.trim();
