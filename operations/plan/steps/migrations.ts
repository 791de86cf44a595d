import { withoutSecrets } from '../../../constructs/units/secret-looking';
import type { DeploySettings } from '../../../contract/deploy-settings';
import { actionOf, type ResourceChange } from '../../terraform/document';

/** The commands that run once before anything rolls, each with why. */
export function migrationsOf(
  changes: readonly ResourceChange[],
  migrations: DeploySettings['migrations'] = {},
): string[] {
  return changes
    .filter((one) => one.type === 'null_resource' && ['create', 'replace'].includes(actionOf(one) ?? ''))
    .flatMap(({ name, change }) => {
      const found = migrations[name];
      if (!found) return [];
      const [before, after] = [change.before?.triggers, change.after?.triggers ?? {}];
      const differs = (field: string) => before && before[field] !== after[field];
      const why = differs('image')
        ? 'another image'
        : differs('command')
          ? 'another command'
          : 'not known to have run';
      const command = withoutSecrets(found.command).join(' ');
      return [`${found.service} migrates before anything rolls (${why}): ${command}`];
    });
}
