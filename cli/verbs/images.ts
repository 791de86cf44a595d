import { defineVerb } from '../table/verb';

export const imagesLock = defineVerb({
  name: 'images lock',
  summary: "writes the images' digests to images.lock.json",
  details:
    'Asks the registries for every image of services.config.ts, or for those of some services, and writes their digests to images.lock.json: commit it. Where PLATFORM_ENVIRONMENT names a disposable environment, it asks for the images of that one, as IMAGE_REGISTRY and IMAGE_TAG make them, and writes the file that IMAGE_LOCK names.',
  needs: 'catalogue',
  positionals: [
    {
      name: 'service',
      text: 'only the images of these',
      many: true,
      optional: true,
      completes: 'service',
    },
  ],
  options: {
    set: {
      text: 'records a digest that is known already, and asks nobody',
      value: '<repository:tag=sha256:…>',
      many: true,
    },
    check: { text: 'fails unless images.lock.json fits services.config.ts; no network' },
  },
  examples: ['images lock', 'images lock userservice', 'images lock --check'],
});
