import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PlatformSpec } from '../../../../constructs';
import type { Release } from '../../../../contract/release';
import { pack } from '../../../../operations/records/packed';
import { countAsRun, migrationNotes, withoutMigrations } from '../../../../operations/releases/migrations';
import { withoutPlace } from '../../../../operations/releases/place';
import { strangenessOf } from '../../../../operations/releases/trusted';
import { readStack } from '../../../../operations/stack/synthesized';
import { catalogue } from '../../../support/platform/catalogue';
import { SHELL, Workplace } from '../../../support/platform/platform';
import { releaseWith } from '../records/releases';

const workplace = new Workplace();
afterAll(() => workplace.remove());

const spec = catalogue as PlatformSpec;
const migrating: PlatformSpec = {
  ...spec,
  services: { ...spec.services, users: { ...spec.services.users!, migrate: { command: ['up'] } } },
};
const synthesized = (of: PlatformSpec) => {
  const { outdir } = workplace.synth(of, 'production', SHELL);
  return JSON.parse(readFileSync(join(readStack(outdir).folder, 'cdk.tf.json'), 'utf8'));
};

test('on the way back no migration runs, and the step is there as it was', () => {
  const today = synthesized(migrating);
  const recorded = withoutPlace(today);
  const back = withoutMigrations(recorded, true);
  const { provisioner, ...step } = recorded.resource.null_resource.users_migrate;
  expect(provisioner).toHaveLength(1);
  expect(back.resource.null_resource.users_migrate).toEqual(step);
  const { users_migrate: _, ...others } = recorded.resource.null_resource;
  expect(back.resource.null_resource).toMatchObject(others);
  expect(strangenessOf(back, {}, today)).toEqual([]);
  // Nothing of a record may run one: it could name a registry that wants a secret for a login.
  expect(strangenessOf(recorded, {}, today)).not.toEqual([]);
});

test('a stack without one is the same', () => {
  const recorded = withoutPlace(synthesized(spec));
  expect(withoutMigrations(recorded, true)).toEqual(recorded);
  expect(withoutMigrations(recorded, false)).toEqual(recorded);
  expect(migrationNotes(recorded, false)).toEqual([]);
});

test('the plan announces none, and the notes say that none runs', () => {
  const recorded = withoutPlace(synthesized(migrating));
  expect(recorded['//'].deploy.migrations).toBeDefined();
  const { migrations: _, ...settings } = recorded['//'].deploy;
  const back = withoutMigrations(recorded, true);
  expect(back['//'].deploy).toEqual(settings);
  expect(migrationNotes(back, true)).toEqual(['migrations do not run: users']);
});

test('one that is skipped on the way forward is not taken for done: the next deploy of that version runs it', () => {
  const today = synthesized(migrating);
  const recorded = withoutPlace(today);
  const { triggers } = recorded.resource.null_resource.users_migrate;
  const forward = withoutMigrations(recorded, false);
  const skipped = forward.resource.null_resource.users_migrate;
  expect(skipped.provisioner).toBeUndefined();
  expect(skipped.triggers).toMatchObject(triggers);
  expect(skipped.triggers).not.toEqual(triggers);
  expect(strangenessOf(forward, {}, today)).toEqual([]);
  expect(migrationNotes(forward, false)).toEqual([
    'migrations do not run: users; the next ./proctor deploy of this version runs them',
  ]);
  // Gone to a second time it is the same; on the way back from later ones it is as if it had run.
  expect(withoutMigrations(forward, false)).toEqual(forward);
  expect(withoutMigrations(forward, true).resource.null_resource.users_migrate.triggers).toEqual(triggers);
});

describe('the state has migrations as run', () => {
  const marked = () =>
    pack({ stack: withoutMigrations(withoutPlace(synthesized(migrating)), false), specs: {} });
  const release = (number: number, part: Partial<Release> = {}) => releaseWith({ number, ...part });

  test('on the way back, and where what runs is that release', () => {
    expect(countAsRun(release(41), [release(42), release(41)])).toBe(true);
    expect(countAsRun(release(42), [release(42), release(41)])).toBe(true);
    expect(countAsRun(release(41), [release(43, { of: 41 }), release(42)])).toBe(true);
    expect(countAsRun(release(42), [release(43, { of: 42, packed: 'damaged' })])).toBe(true);
  });

  test('but not on the way forward, nor where its own deploy ended before they had run', () => {
    expect(countAsRun(release(42), [release(43, { of: 41 }), release(42)])).toBe(false);
    expect(countAsRun(release(42), [release(42, { exitCode: 1 }), release(41)])).toBe(false);
  });

  test('nor where a way forward before has skipped them', () => {
    const newest = release(44, { of: 42, packed: marked() });
    expect(countAsRun(release(42), [newest])).toBe(false);
    expect(countAsRun(newest, [newest])).toBe(false);
    expect(countAsRun(release(41), [newest])).toBe(true);
  });
});
