import type { SwarmNode } from '../docker/answers';

/** Whether Swarm's scheduler would take the node for these constraints (manager/constraint/constraint.go). */
export const fulfils = (node: SwarmNode, constraints: readonly string[]): boolean =>
  constraints.every((constraint) => matches(node, constraint));

function matches(node: SwarmNode, constraint: string): boolean {
  const [, key = '', operator, wanted = ''] = /^\s*(\S+?)\s*(==|!=)\s*(.*?)\s*$/.exec(constraint) ?? [];
  const has = attributeOf(node, key);
  if (has === undefined) return false;
  return (has.toLowerCase() === wanted.toLowerCase()) === (operator === '==');
}

/** Empty for a label that is not there; undefined for what Swarm does not know either. */
function attributeOf({ ID, Spec, Description, Status }: SwarmNode, key: string): string | undefined {
  const label = /^(node|engine)\.labels\.(.+)$/i.exec(key);
  // Of a label, unlike of its value, the case counts.
  if (label) {
    const labels = label[1]!.toLowerCase() === 'node' ? Spec.Labels : Description.Engine?.Labels;
    return labels?.[label[2]!] ?? '';
  }
  const { Hostname, Platform } = Description;
  const values: Readonly<Record<string, string | undefined>> = {
    'node.id': ID,
    'node.hostname': Hostname,
    'node.role': Spec.Role,
    'node.ip': Status.Addr,
    'node.platform.os': Platform?.OS,
    'node.platform.arch': Platform?.Architecture,
  };
  const name = key.toLowerCase();
  return name in values ? (values[name] ?? '') : undefined;
}
