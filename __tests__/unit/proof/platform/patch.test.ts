import { changed } from '../../../../proof/platform/patch';

test('a change adds patches and takes them away', () => {
  const setting = { catalogue: 'a' };
  expect(changed({ images: setting }, { more: setting })).toEqual({ images: setting, more: setting });
  expect(changed({ images: setting, more: setting }, { more: null })).toEqual({ images: setting });
});
