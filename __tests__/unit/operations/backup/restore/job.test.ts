import { type RestoreTask, volumesToWrite } from '../../../../../operations/backup/restore/job';
import { SETTINGS } from '../fixtures';

test.each<[string, RestoreTask, object, readonly string[]]>([
  ['all beside', 'scratch', {}, ['uploads']],
  ['one database beside', 'scratch', { databases: ['shop_orders'] }, []],
  ['one volume in place', 'platform', { volumes: ['uploads'] }, ['uploads']],
  ['all in place, which is all databases', 'platform', {}, []],
  ['what earlier ones have left', 'discard', {}, ['uploads']],
  ['what another one has left half in place', 'finish', { databases: ['shop_orders'] }, ['uploads']],
])('%s: the volumes that can be written', (_, task, said, expected) => {
  expect(volumesToWrite(SETTINGS, { databases: [], volumes: [], ...said }, task)).toEqual(expected);
});
