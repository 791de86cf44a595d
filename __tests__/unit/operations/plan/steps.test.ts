import { provisioningOf } from '../../../../operations/plan/steps/provisioning';
import type { ResourceChange } from '../../../../operations/terraform/document';

const SCHEMAS = { mariadb_prepare: { shop: 'schema/shop.sql', stock: 'schema/stock.sql' } };
const step = (before: object | null, after: object, actions = ['delete', 'create']): ResourceChange => ({
  type: 'null_resource',
  name: 'mariadb_prepare',
  mode: 'managed',
  change: { actions, before: before && { triggers: before }, after: { triggers: after } },
});
const said = (before: object | null, after: object, schemas: object = SCHEMAS) =>
  provisioningOf([step(before, after)], schemas as typeof SCHEMAS);

test('every schema file that will run is named, with whether it is another one than last time', () => {
  const databases = 'shop,stock';
  expect(said({ databases, schemas: 'aa,bb' }, { databases, schemas: 'aa,cc' })).toEqual([
    'mariadb_prepare runs schema/shop.sql in shop, as before',
    'mariadb_prepare runs schema/stock.sql in stock, new or changed',
  ]);
});

test('databases come, and are never dropped', () => {
  expect(said({ databases: 'shop,old' }, { databases: 'shop,stock' }, {})).toEqual([
    'mariadb_prepare makes stock, unless it is there',
    'mariadb_prepare leaves old as it is: it stays, with its data',
  ]);
});

test('on a first deploy all are new; a step that does not run, and a gate, say nothing', () => {
  expect(said(null, { databases: 'shop,stock', schemas: 'aa,bb' })).toEqual([
    'mariadb_prepare makes shop, stock, unless it is there',
    'mariadb_prepare runs schema/shop.sql in shop, new or changed',
    'mariadb_prepare runs schema/stock.sql in stock, new or changed',
  ]);
  expect(provisioningOf([step({}, {}, ['delete'])], SCHEMAS)).toEqual([]);
  expect(provisioningOf([{ ...step({}, {}), name: 'web_rollout' }], SCHEMAS)).toEqual([]);
});
