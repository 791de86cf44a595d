import { volumesToWrite } from '../../../../operations/backup/restore';
import { SETTINGS } from './fixtures';

const wish = { into: 'scratch', databases: [], volumes: [], discard: false };

test.each<[string, object, readonly string[]]>([
  ['all beside', {}, ['uploads']],
  ['one database beside', { databases: ['shop_orders'] }, []],
  ['one volume in place', { into: 'shop', volumes: ['uploads'] }, ['uploads']],
  ['all in place, which is all databases', { into: 'shop' }, []],
  ['what earlier ones have left', { discard: true, into: 'shop' }, ['uploads']],
])('%s: the volumes that can be written', (_, said, expected) => {
  expect(volumesToWrite(SETTINGS, { ...wish, ...said })).toEqual(expected);
});
