import { ImageRef } from '../../constructs/units';

interface Part {
  readonly image: string;
}

/** Only Let's Encrypt's mode has an image, certbot's. */
interface TlsPart {
  readonly mode: string;
  readonly image?: string;
}

/** The part of a catalogue that names images. */
export interface ImageNames {
  readonly backends?: Readonly<Record<string, { readonly spec: Part }>>;
  readonly nginx: Part & { readonly edge: unknown };
  readonly tls?: TlsPart;
  readonly services: Readonly<Record<string, Part>>;
  readonly environments: Readonly<Record<string, EnvironmentImages>>;
}

interface EnvironmentImages {
  readonly disposable?: boolean;
  readonly tls?: TlsPart;
  readonly services?: Readonly<Record<string, { readonly image?: string } | undefined>>;
}

/**
 * Every `repository:tag` that a deploy needs a digest of, with the services that run it, in alphabetical order.
 * Disposable environments need none, nor does an image whose digest is written beside it.
 */
export function catalogueImages(catalogue: ImageNames): ReadonlyMap<string, readonly string[]> {
  const { backends = {}, nginx, services } = catalogue;
  const parts: [string, Part][] = [
    ...Object.entries(backends).map(([id, { spec }]): [string, Part] => [id, spec]),
    ['nginx', nginx],
    ...Object.entries(services),
  ];
  if (nginx.edge) parts.push(['edge', nginx]);
  const found = new Map<string, Set<string>>();
  for (const environment of Object.values(catalogue.environments)) {
    if (environment.disposable) continue;
    const certbot = (environment.tls ?? catalogue.tls)?.image;
    for (const [service, part] of certbot ? [...parts, ['certbot', { image: certbot }] as const] : parts) {
      const image = ImageRef.of(environment.services?.[service]?.image ?? part.image);
      if (!image.digest) found.set(image.tagged, (found.get(image.tagged) ?? new Set()).add(service));
    }
  }
  return new Map(
    [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([tagged, users]) => [tagged, [...users]]),
  );
}
