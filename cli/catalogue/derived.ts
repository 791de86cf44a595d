import { backedUpBackends } from '../../constructs/catalogue/backup';
import { madeSecrets } from '../../constructs/catalogue/secrets';
import { derivationOf } from '../../constructs/swarm';
import type { DerivedSecret } from '../../contract/derived-secret';
import { platform } from '../../services.config';

/**
 * The secrets that an environment makes from others, in a namespace. None where the catalogue breaks a rule: one that is being
 * written must keep nobody from the server.
 */
export function derivedIn(environment: string, namespace: string): DerivedSecret[] {
  try {
    return madeSecrets(platform, backedUpBackends(platform, environment)).map(({ id, from, purpose }) => ({
      name: id,
      from,
      derivation: derivationOf(namespace, purpose),
    }));
  } catch {
    return [];
  }
}
