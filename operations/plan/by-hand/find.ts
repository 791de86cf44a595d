import type { Service } from '../../docker/answers';
import { withDocker } from '../../docker/client';
import type { SynthesizedStack } from '../../stack/synthesized';
import { unwrittenIn } from './unwritten';

/**
 * What the stack's services have that neither the catalogue nor Terraform can say, one line for each: somebody's
 * `docker service update`, which no plan of Terraform shows.
 *
 * @param changes services that these restart lose it, and their own lines say so
 */
export function byHandIn(
  running: readonly Pick<Service, 'Spec'>[],
  { services }: Pick<SynthesizedStack, 'services'>,
  changes: readonly { readonly service: string; readonly restarts: boolean }[] = [],
): string[] {
  return services
    .filter(({ id }) => !changes.some(({ service, restarts }) => service === id && restarts))
    .flatMap(({ id, name }) => {
      const spec = running.find(({ Spec }) => Spec.Name === name)?.Spec;
      const found = spec ? unwrittenIn(spec.TaskTemplate) : [];
      return found.length > 0
        ? [
            `${id} has ${found.join(' and ')} by hand, which no deploy sees: its next update takes that away and restarts its tasks`,
          ]
        : [];
    });
}

/** Where nothing changes there is no plan, and it is there all the same. Empty where the server cannot be asked. */
export const findByHand = (stack: SynthesizedStack): Promise<string[]> =>
  withDocker(stack, async (docker) => byHandIn(await docker.services(), stack)).catch(() => []);

/** @param what the server should run. @default what the catalogue says */
export const nothingToDo = (byHand: readonly string[], what = 'the catalogue'): string =>
  byHand.length > 0
    ? `nothing to do for a deploy, yet the server does not run all as ${what} says:`
    : `nothing to do: the server runs what ${what} says`;
