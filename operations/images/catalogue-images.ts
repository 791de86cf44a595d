import { ImageRef } from '../../constructs/units';
import { BACKUP, BACKUP_IMAGE } from '../../constructs/units/backup';
import type { Shell } from '../../contract/shell';

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
  readonly backup?: Partial<Part>;
  readonly services: Readonly<Record<string, Part>>;
  /** Some run in a service's image. */
  readonly jobs?: Readonly<Record<string, { readonly image?: string }>>;
  readonly environments: Readonly<Record<string, EnvironmentImages>>;
}

interface EnvironmentImages {
  readonly disposable?: boolean;
  readonly tls?: TlsPart;
  readonly backupTo?: unknown;
  readonly services?: Readonly<Record<string, { readonly image?: string } | undefined>>;
}

/** One disposable environment, whose images come from where the shell says. */
export interface Disposable {
  readonly environment: string;
  /** In place of every image's registry. */
  readonly registry?: string | undefined;
  /** In place of the applications' tags. */
  readonly tag?: string | undefined;
}

/**
 * The disposable environment that the shell names, by the variables that a deploy of it obeys.
 *
 * @throws where they are set and nothing would obey them
 */
export function disposableIn(catalogue: ImageNames, shell: Shell): Disposable | undefined {
  const { PLATFORM_ENVIRONMENT: environment = '', IMAGE_REGISTRY: registry, IMAGE_TAG: tag } = shell;
  if (catalogue.environments[environment]?.disposable) return { environment, registry, tag };
  const [name] = Object.entries({ IMAGE_REGISTRY: registry, IMAGE_TAG: tag }).find(([, set]) => set) ?? [];
  if (!name) return undefined;
  const ids = Object.entries(catalogue.environments).flatMap(([id, { disposable }]) =>
    disposable ? [id] : [],
  );
  throw new Error(
    `${name} is set, and only a disposable environment obeys it\n  unset it, or name one by PLATFORM_ENVIRONMENT${ids.length > 0 ? `: ${ids.join(', ')}` : ''}`,
  );
}

/**
 * Every `repository:tag` that a deploy needs a digest of, with the services that run it, in alphabetical order.
 * Disposable environments need none, nor does an image whose digest is written beside it.
 *
 * @param only the images of this environment alone, disposable as it is
 */
export function catalogueImages(
  catalogue: ImageNames,
  only?: Disposable,
): ReadonlyMap<string, readonly string[]> {
  const { backends = {}, nginx, services, jobs = {} } = catalogue;
  const parts: [string, Part][] = [
    ...Object.entries(backends).map(([id, { spec }]): [string, Part] => [id, spec]),
    ['nginx', nginx],
    ...Object.entries(services),
    ...Object.entries(jobs).flatMap(([id, { image }]): [string, Part][] => (image ? [[id, { image }]] : [])),
  ];
  if (nginx.edge) parts.push(['edge', nginx]);
  const found = new Map<string, Set<string>>();
  for (const [id, environment] of Object.entries(catalogue.environments)) {
    if (only ? id !== only.environment : environment.disposable) continue;
    const certbot = (environment.tls ?? catalogue.tls)?.image;
    const more: [string, Part][] = [
      ...(certbot ? [['certbot', { image: certbot }] as [string, Part]] : []),
      ...(environment.backupTo
        ? [[BACKUP, { image: catalogue.backup?.image ?? BACKUP_IMAGE }] as [string, Part]]
        : []),
    ];
    for (const [service, part] of [...parts, ...more]) {
      let image = ImageRef.of(environment.services?.[service]?.image ?? part.image);
      if (only?.registry) image = image.withRegistry(only.registry);
      if (only?.tag && service in services) image = image.withTag(only.tag);
      if (!image.digest) found.set(image.tagged, (found.get(image.tagged) ?? new Set()).add(service));
    }
  }
  return new Map(
    [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([tagged, users]) => [tagged, [...users]]),
  );
}
