import type { StepLine } from '../../contract/host';
import type { Need } from '../policy/need';

/**
 * What making the server ready does only when it was acknowledged: the policy of the services' plan cannot see that
 * Docker restarts under all of them.
 */
export const hostNeeds = (said: readonly StepLine[]): Need[] =>
  said.some(({ kind }) => kind === 'restarts')
    ? [{ name: 'host', why: 'Docker restarts, and with it every task' }]
    : [];
