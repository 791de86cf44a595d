import type { Service } from '../../docker/answers';
import type { DockerClient } from '../../docker/client';
import type { DeclaredService } from '../../stack/synthesized';
import { type Finding, failure, ok } from '../../terminal/finding';
import { harmless } from '../../terminal/untrusted';
import { foreignTo, TELLTALES, type Telltales } from './foreign';

/** A volume that is there before the program that is to have it. */
export interface Found {
  readonly service: DeclaredService;
  readonly volume: string;
  readonly files: Telltales;
}

/** Looks into volumes of which the program is new or another one; what runs has shown that it can. */
export async function gatherVolumes({
  docker,
  stack,
  services,
}: {
  readonly docker: Pick<DockerClient, 'volumes' | 'filesIn'>;
  readonly stack: { readonly services: readonly DeclaredService[] };
  readonly services: readonly Service[];
}): Promise<Found[]> {
  const images = new Map(services.map(({ Spec }) => [Spec.Name, Spec.TaskTemplate.ContainerSpec?.Image]));
  const wanted = stack.services
    .filter(({ name, image }) => named(images.get(name)) !== named(image))
    .flatMap((service) => service.volumes.map((volume) => ({ service, volume })));
  if (wanted.length === 0) return [];
  const there = new Set((await docker.volumes()).map(({ Name }) => Name));
  const found: Found[] = [];
  for (const { service, volume } of wanted.filter(({ volume }) => there.has(volume))) {
    const files = await docker.filesIn(volume, TELLTALES);
    if (files) found.push({ service, volume, files });
  }
  return found;
}

const named = (image = ''): string => image.split('@')[0]!;

/** Data that the program would refuse stops a deploy when it is half done: last of all, at a backend that all wait for. */
export function judgeVolumes(found: readonly Found[]): Finding[] {
  const findings = found.flatMap(({ service, volume, files }) => {
    const whose = foreignTo(service.image, files);
    return whose
      ? [
          failure(
            'volumes',
            `${service.name} would not start: the volume ${volume} has ${harmless(whose)}`,
            `where the data is needed, let what wrote it serve it first; where not, keep a copy (docker run --rm -v ${volume}:/from:ro -v ${volume}_old:/to ${service.image} cp -a /from/. /to/), take the volume away (docker volume rm ${volume}; ./proctor data forget ${service.id}), and deploy again`,
          ),
        ]
      : [];
  });
  if (findings.length > 0 || found.length === 0) return findings;
  return [
    ok(
      'volumes',
      `${found.map(({ volume }) => volume).join(', ')} ${found.length === 1 ? 'has' : 'have'} no data that would be refused`,
    ),
  ];
}
