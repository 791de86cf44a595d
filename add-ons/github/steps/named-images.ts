import { catalogueImages, type ImageNames } from '../../../operations/images/catalogue-images';
import { Fault } from '../runner/fault';

/**
 * From services of the catalogue to the `repository:tag` that they run; what is written as `repository:tag` stays.
 *
 * @throws {Fault} for a name that is neither, and for a service that runs another image elsewhere
 */
export function findNamedImages(
  named: ReadonlyMap<string, string>,
  catalogue: ImageNames,
): ReadonlyMap<string, string> {
  const images = catalogueImages(catalogue);
  return new Map(
    [...named].map(([name, digest]) => [images.has(name) ? name : imageOf(name, images), digest]),
  );
}

function imageOf(service: string, images: ReadonlyMap<string, readonly string[]>): string {
  const found = [...images].filter(([, users]) => users.includes(service)).map(([image]) => image);
  if (found.length === 1) return found[0]!;
  throw found.length === 0
    ? new Fault(
        `${service} is neither a service nor an image of services.config.ts`,
        `send one of: ${[...new Set([...images.values()].flat())].sort().join(', ')}`,
        'repository_dispatch',
      )
    : new Fault(
        `${service} runs another image in another environment: ${found.join(', ')}`,
        'send repository:tag in place of the service',
        'repository_dispatch',
      );
}
