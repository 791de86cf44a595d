import { DIGEST, parseImage } from './image-name';

const REPOSITORY = /^[a-z0-9._-]+(?::\d+(?=\/))?(?:\/[a-z0-9._-]+)*$/;
const TAG = /^\w[\w.-]{0,127}$/;

/** A reference to an image: repository and tag as people write them, and the digest that says which image it is. */
export class ImageRef {
  /**
   * @param reference `repository:tag`, for example `ghcr.io/acme/api:1.8.2`; a digest may follow as `@sha256:…`
   * @throws when it has neither tag nor digest, or is not a reference
   */
  static of(reference: string): ImageRef {
    const { repository, tag, digest } = parseImage(reference);
    if (
      !REPOSITORY.test(repository) ||
      (tag !== undefined && !TAG.test(tag)) ||
      (digest !== undefined && !DIGEST.test(digest))
    ) {
      throw new Error(
        `image "${reference}" is not a reference\n  write repository:tag, for example ghcr.io/acme/api:1.8.2`,
      );
    }
    if (!tag && !digest) {
      throw new Error(
        `image "${reference}" has no tag, which Docker reads as "latest"\n  write the version that is meant, for example ${reference}:1.8.2`,
      );
    }
    return new ImageRef(repository, tag, digest);
  }

  private constructor(
    readonly repository: string,
    readonly tag: string | undefined,
    readonly digest: string | undefined,
  ) {}

  withDigest(digest: string): ImageRef {
    return ImageRef.of(`${this.tagged}@${digest}`);
  }

  withRegistry(registry: string): ImageRef {
    const short = this.repository.slice(this.repository.lastIndexOf('/') + 1);
    return new ImageRef(`${registry}/${short}`, this.tag, undefined);
  }

  withTag(tag: string): ImageRef {
    return ImageRef.of(`${this.repository}:${tag}`);
  }

  /** `repository:tag`, the key in images.lock.json. */
  get tagged(): string {
    return this.tag ? `${this.repository}:${this.tag}` : this.repository;
  }

  /** With its registry, as no command line writes it: `docker.io/library/nginx:1.30`. */
  get inFull(): string {
    const { registry, path } = parseImage(this.repository);
    return `${registry}/${path}${this.toString().slice(this.repository.length)}`;
  }

  /** What the engine is given: `repository:tag@sha256:…`. */
  toString(): string {
    return this.digest ? `${this.tagged}@${this.digest}` : this.tagged;
  }
}
