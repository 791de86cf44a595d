import type { Service } from '../../docker/answers';
import { actionOf, type ResourceChange } from '../../terraform/document';

/**
 * Services that no diff names and that Swarm has paused half-way: their gates run again, and may have it go on with tasks of
 * another specification.
 */
export function resumptionsOf(
  changes: readonly ResourceChange[],
  services: readonly { readonly id: string; readonly name?: string }[],
  running: readonly Pick<Service, 'Spec' | 'UpdateStatus'>[] = [],
): string[] {
  const runs = (type: string, name: string) =>
    changes.some(
      (one) => one.type === type && one.name === name && !['destroy', undefined].includes(actionOf(one)),
    );
  return services.flatMap(({ id, name }) => {
    const found = running.find(({ Spec }) => name !== undefined && Spec.Name === name);
    const state = found?.UpdateStatus?.State ?? '';
    if (!state.endsWith('paused') || !runs('null_resource', `${id}_rollout`) || runs('docker_service', id))
      return [];
    const what = state === 'paused' ? 'update' : 'rollback';
    const first =
      found?.Spec.UpdateConfig?.Order === 'start-first'
        ? ''
        : ', once what that has brought runs and stays so';
    return [`${id}_rollout has Swarm go on with the ${what} of ${id} that it paused half-way${first}`];
  });
}
