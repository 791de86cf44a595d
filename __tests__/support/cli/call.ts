import { parse } from '../../../cli/parse/parse';
import type { Call, Verb } from '../../../cli/table/verb';
import type { Shell } from '../../../contract/shell';

/** What a verb gets for these words. @throws {WrongUsage} */
export function callOf<V extends Verb>(verb: V, args: readonly string[], shell: Shell = {}): Call<V> {
  const { values, words } = parse([...verb.name.split(' '), ...args]);
  return { values: values as Call<V>['values'], words, shell, projectFolder: '.' };
}
