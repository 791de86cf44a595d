import type { PlatformSpec } from '../../../../constructs';
import { validateCatalogue } from '../../../../constructs/catalogue/validate';
import { volumeErrors } from '../../../../constructs/catalogue/volumes';
import { catalogue } from '../../../support/platform/catalogue';

const spec = catalogue as PlatformSpec;
const withUsers = (change: Partial<PlatformSpec['services'][string]>): PlatformSpec => ({
  ...spec,
  services: { ...spec.services, users: { ...spec.services.users!, ...change } },
});
const at = (name: string, target: string) => withUsers({ sharedVolumes: [{ name, target }] });

test.each(['user uploads', 'a/b', '', '..', 'größe', 'a:b'])('refuses a volume called %j', (name) => {
  expect(volumeErrors(at(name, '/uploads'))).toEqual([
    `users: ${JSON.stringify(name)} cannot be the name of a volume\n  use letters, digits, -, _ and .`,
  ]);
});

test.each(['uploads', './uploads', '', '/', '//', '/.', '/a/..'])('refuses a volume at %j', (target) => {
  expect(volumeErrors(at('uploads', target))).toEqual([
    `users: the volume uploads is at ${JSON.stringify(target)}\n  write the absolute path of a folder: '/app/uploads'`,
  ]);
});

test.each([
  ['uploads', '/app/uploads'],
  ['User_Uploads.2', '/app/uploads/'],
  ['.cache', '/srv/a b'],
])('accepts the volume %j at %j, as Docker does', (name, target) => {
  expect(volumeErrors(at(name, target))).toEqual([]);
});

test('refuses two volumes in one folder, or a volume where a tmpfs is', () => {
  const uploads = { name: 'uploads', target: '/tmp/' };
  const error = 'users has two of sharedVolumes and tmpfs at /tmp\n  give each a folder of its own';
  expect(volumeErrors(withUsers({ sharedVolumes: [uploads], tmpfs: ['/tmp'] }))).toEqual([error]);
  expect(volumeErrors(withUsers({ sharedVolumes: [uploads, { name: 'b', target: '/tmp' }] }))).toEqual([
    error,
  ]);
});

test('they are among what a catalogue is refused with', () => {
  expect(() => validateCatalogue(at('user uploads', 'uploads'))).toThrow(
    /"user uploads" cannot be .*\n.*\nusers: the volume user uploads is at "uploads"/,
  );
});
