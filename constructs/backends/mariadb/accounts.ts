import type { AccountSettings } from '../../../contract/provision';
import type { Place } from '../../catalogue/spec/backend';
import { derivationOf, SwarmStack } from '../../swarm';
import { demandOf } from './connections';
import { type DatabaseUse, type MariadbSpec, usedBy } from './spec';

/** What an application's password is made for. */
export const purposeOf = (id: string, application: string): string => `${id}/${application}/account`;

/** @throws for a name that is too long */
export function accountName(id: string, user: string, application: string): string {
  const name = `${user}_${application}`;
  if (name.length <= 64) return name;
  throw new Error(`${id}: the account ${name} has more than 64 characters\n  shorten user`);
}

/** The applications' own accounts; undefined where they share one. */
export function accountsOf(at: Place, spec: MariadbSpec): AccountSettings[] | undefined {
  if (spec.accounts !== 'per-service') return undefined;
  const { namespace } = SwarmStack.of(at.scope);
  const demand = new Map(demandOf(at, spec).map(({ application, most }) => [application, most]));
  return at.clients.map(({ application, use }) => {
    const { database, reads = [] } = usedBy(use as DatabaseUse<string>);
    return {
      user: accountName(at.id, spec.user, application),
      derivation: derivationOf(namespace, purposeOf(at.id, application)),
      database,
      reads: reads.filter((other) => other !== database),
      maxConnections: demand.get(application)!,
    };
  });
}
