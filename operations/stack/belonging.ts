import { type Finding, failure } from '../terminal/finding';
import type { KnownObject } from '../terraform/state-contents';
import type { SynthesizedStack } from './synthesized';

/** Another platform's state, for example of one that shares the bucket: the plan would destroy what it has. */
export function judgePlatform(known: readonly KnownObject[], namespace: string): Finding[] {
  const strangers = known.filter((object) => object.namespace !== '' && object.namespace !== namespace);
  const [first] = strangers;
  if (!first) return [];
  const names = strangers.filter(({ type }) => type === 'docker_service').map(({ name }) => name);
  return [
    failure(
      'state',
      `it belongs to the platform "${first.namespace}" (${some(names.length > 0 ? names : strangers.map(({ name }) => name))}), this is "${namespace}"`,
      'give this platform a state of its own (prefix or schema in services.config.ts), or back its name: docs/state.md, "Another platform\'s state"',
    ),
  ];
}

/** A service of the server. */
export interface RunningService {
  readonly id: string;
  readonly name: string;
}

/**
 * Services that run and that the state does not know: Terraform would stop at their names. Or all of them made elsewhere, or
 * again: the state is of another server, and Terraform would take one's services by their names and miss all else.
 */
export function judgeServer(
  known: readonly KnownObject[],
  { services }: Pick<SynthesizedStack, 'services'>,
  running: readonly RunningService[],
): Finding[] {
  // By name: the provider finds a service by it that was recreated by hand.
  const names = new Set(known.filter(({ type }) => type === 'docker_service').map(({ name }) => name));
  const ours = running.filter(({ name }) => services.some((declared) => declared.name === name));
  const unknown = ours.map(({ name }) => name).filter((name) => !names.has(name));
  if (unknown.length === 0) return judgeIds(known, ours);
  return [
    failure(
      'state',
      `the server runs ${unknown.length === 1 ? 'a service' : `${unknown.length} services`} that the state does not know: ${some(unknown)}`,
      'another place than before? move the state there. Lost? ./proctor state recover (docs/state.md). Made by docker stack deploy? docs/adopt.md',
    ),
  ];
}

function judgeIds(known: readonly KnownObject[], ours: readonly RunningService[]): Finding[] {
  const ids = new Set(known.map(({ id }) => id));
  // A single one may have been removed and recreated by hand.
  if (ours.length < 2 || ours.some(({ id }) => ids.has(id))) return [];
  return [
    failure(
      'state',
      `all ${ours.length} services that the server runs have other ids than in the state: it is another server's`,
      'is VPS_HOST the server that you mean? Was everything recreated there by hand? ./proctor state recover (docs/state.md)',
    ),
  ];
}

const SHOWN = 3;
const some = (names: readonly string[]): string =>
  names.length > SHOWN ? `${names.slice(0, SHOWN).join(', ')}, …` : names.join(', ');
