import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PlatformSpec } from '../../../../constructs';
import { withoutMigrations } from '../../../../operations/releases/migrations';
import { withoutPlace } from '../../../../operations/releases/place';
import { strangenessOf } from '../../../../operations/releases/trusted';
import { readStack } from '../../../../operations/stack/synthesized';
import { catalogue } from '../../../support/platform/catalogue';
import { SHELL, Workplace } from '../../../support/platform/platform';

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
  const back = withoutMigrations(recorded);
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
  expect(withoutMigrations(recorded)).toEqual(recorded);
});
