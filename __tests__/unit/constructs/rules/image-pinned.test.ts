import { imagePinned } from '../../../../constructs/rules/image-pinned';
import { ImageRef } from '../../../../constructs/units';
import { findings } from '../../../support/platform/rules';
import { DIGEST } from '../../../support/platform/services';

const check = (image: string, disposable = false) =>
  findings(imagePinned, { image: ImageRef.of(image) }, { disposable });

test('accepts an image with a digest', () => expect(check(`api:1.8.2@${DIGEST}`)).toEqual([]));

test('refuses an image without a digest, with the command that mends it', () => {
  expect(check('ghcr.io/acme/api:1.8.2')).toEqual([
    'web image ghcr.io/acme/api:1.8.2 has no digest in images.lock.json\nrun: ./proctor images lock',
  ]);
});

test('accepts an image without a digest where everything is disposable', () => {
  expect(check('api:1.8.2', true)).toEqual([]);
});

test.each([true, false])('refuses latest, with a digest too, disposable or not (%s)', (disposable) => {
  for (const image of ['api:latest', `api:latest@${DIGEST}`]) {
    expect(check(image, disposable)).toEqual([
      expect.stringContaining(`image ${image} is "latest"\nwrite the version`),
    ]);
  }
});
