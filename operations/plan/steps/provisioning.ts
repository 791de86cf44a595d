import type { DeploySettings } from '../../../contract/deploy-settings';
import { actionOf, type ResourceChange } from '../../terraform/document';

/**
 * What steps inside a backend will do that the plan of its objects does not show: the operator's own files that run, and
 * databases that are made. A step that runs at all runs all of its files, whether they changed or not.
 */
export function provisioningOf(
  changes: readonly ResourceChange[],
  schemas: DeploySettings['schemas'] = {},
): string[] {
  return changes
    .filter((one) => one.type === 'null_resource' && ['create', 'replace'].includes(actionOf(one) ?? ''))
    .flatMap(({ name, change }) => {
      const [before, after] = [change.before?.triggers ?? {}, change.after?.triggers ?? {}];
      const [had, has] = [listOf(before.databases), listOf(after.databases)];
      const come = has.filter((database) => !had.includes(database));
      const gone = had.filter((database) => !has.includes(database));
      // Terraform's hash of each file, in the order of the databases that have one.
      const [ran, hashes] = [listOf(before.schemas), listOf(after.schemas)];
      const files = Object.entries(schemas[name] ?? {}).map(([database, file], index) => {
        const known = hashes[index] !== undefined && ran.includes(hashes[index]);
        return `${name} runs ${file} in ${database}${known ? ', as before' : ', new or changed'}`;
      });
      return [
        ...(come.length > 0 ? [`${name} makes ${come.join(', ')}, unless it is there`] : []),
        ...(gone.length > 0 ? [`${name} leaves ${gone.join(', ')} as it is: it stays, with its data`] : []),
        ...files,
      ];
    });
}

const listOf = (text: unknown): string[] => (typeof text === 'string' && text !== '' ? text.split(',') : []);
