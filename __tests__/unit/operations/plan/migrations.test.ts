import { migrationsOf } from '../../../../operations/plan/steps/migrations';
import type { ResourceChange } from '../../../../operations/terraform/document';

const MIGRATIONS = { users_migrate: { service: 'users', command: ['alembic', 'upgrade', 'head'] } };
const step = (before: object | null, after: object, actions = ['delete', 'create']): ResourceChange => ({
  type: 'null_resource',
  name: 'users_migrate',
  mode: 'managed',
  change: { actions, before: before && { triggers: before }, after: { triggers: after } },
});
const said = (before: object | null, after: object) => migrationsOf([step(before, after)], MIGRATIONS);

test('each migration is named with its command, and why it runs', () => {
  const now = { image: 'b', command: 'x' };
  const line = (why: string) => [`users migrates before anything rolls (${why}): alembic upgrade head`];
  expect(said({ image: 'a', command: 'x' }, now)).toEqual(line('another image'));
  expect(said({ image: 'b', command: 'w' }, now)).toEqual(line('another command'));
  expect(said(null, now)).toEqual(line('not known to have run'));
  // One that failed, or was killed: Terraform has it as tainted.
  expect(said(now, now)).toEqual(line('not known to have run'));
});

test('one that does not run, and other steps, say nothing', () => {
  expect(migrationsOf([step({}, {}, ['delete'])], MIGRATIONS)).toEqual([]);
  expect(migrationsOf([step(null, {})])).toEqual([]);
});

test('what looks like a secret in a command is in no plan', () => {
  const migrations = {
    users_migrate: { service: 'users', command: ['migrate', '--password', 'hunter2', '--all'] },
  };
  const change = step(null, { image: 'b', command: 'x' });
  expect(migrationsOf([change], migrations)).toEqual([
    'users migrates before anything rolls (not known to have run): migrate --password … --all',
  ]);
});
