import { serviceRule } from './rule';

/**
 * A tag can move: only a digest says which image runs, today and after a rollback.
 * @refuses the tag `latest`, and an image whose digest is not in images.lock.json (disposable environments aside)
 * @fix write a version, then run ./proctor images lock
 */
export const imagePinned = serviceRule('image-pinned', function* ({ props: { image } }, { disposable }) {
  if (image.tag === 'latest') {
    yield {
      problem: `image ${image} is "latest"`,
      fix: 'write the version that is meant in services.config.ts',
    };
  } else if (!image.digest && !disposable) {
    yield {
      problem: `image ${image.tagged} has no digest in images.lock.json`,
      fix: 'run: ./proctor images lock',
    };
  }
});
