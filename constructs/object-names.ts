import type { IConstruct, SwarmStack } from './swarm';

/** The longest names that Swarm takes (swarmkit, manager/controlapi/common.go); a service's is a label of DNS. */
const LONGEST: Readonly<Record<string, number>> = {
  docker_service: 63,
  docker_network: 63,
  docker_config: 64,
  docker_secret: 64,
};

/** What the hash of a secret is at synth: Terraform knows the value, and ten digits of its hash end the name. */
const LATER = /\$\{.*\}$/s;
const HASH = 'x'.repeat(10);

/** A resource of Terraform's, as cdktf has it. */
type Named = IConstruct & { readonly terraformResourceType?: string; readonly nameInput?: string };

interface LongName {
  readonly what: string;
  /** In characters. */
  readonly by: number;
}

/** The names of the stack's objects that Swarm would refuse for their length, when a part of them is there already: one error. */
export function longNameErrors(stack: SwarmStack): string[] {
  const { namespace } = stack;
  const long = stack.node.findAll().flatMap((child) => longName(child, namespace));
  if (long.length === 0) return [];
  const worst = Math.max(...long.map(({ by }) => by));
  const each = long.map(({ what, by }) => `${what} by ${by}`).join(', ');
  return [
    `the name "${namespace}" makes names that are too long for Swarm: ${each}\n  shorten it by ${characters(worst)}, or what the catalogue calls so by as many as it is too long`,
  ];
}

function longName(child: IConstruct, namespace: string): LongName[] {
  const { terraformResourceType: type = '', nameInput = '' } = child as Named;
  const name = nameInput.replace(LATER, HASH);
  const by = name.length - (LONGEST[type] ?? Number.POSITIVE_INFINITY);
  if (by <= 0) return [];
  const id = name.replace(`${namespace}_`, '').replace(/_(x{10}|[0-9a-f]{10})$/, '');
  return [{ what: `the ${type.replace('docker_', '')} ${id}`, by }];
}

const characters = (count: number): string => `${count} character${count === 1 ? '' : 's'}`;
