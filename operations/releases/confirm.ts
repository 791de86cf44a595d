import type { Release } from '../../contract/release';
import { withDocker } from '../docker/client';
import type { Namespaced } from '../docker/standing';
import { newestFailed } from '../records/store';

/**
 * The newest release, where it did not converge: by its traffic or its last look, for example, although every gate had passed.
 * Undefined where it did, and where the server does not tell: the next deploy asks again.
 */
export const unconfirmed = (stack: Namespaced): Promise<Release | undefined> =>
  withDocker(stack, (docker) => newestFailed(docker, stack.namespace)).catch(() => undefined);

export const confirmedInWords = ({ number, outcome }: Release): string =>
  `release ${number} ended with ${outcome}; nothing is left to do and all is well, so what runs is a release of its own`;
