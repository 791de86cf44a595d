import type { Service } from '../../docker/answers';
import type { DockerClient } from '../../docker/client';
import { putAside } from '../../docker/volume/put-aside';
import { sameImage } from '../../images/same-image';
import type { DeclaredService } from '../../stack/synthesized';
import { type Finding, failure, ok, warning } from '../../terminal/finding';
import { harmless } from '../../terminal/untrusted';
import { foreignTo, TELLTALES, type Telltales } from './foreign';

/** A volume that is there before the program that is to have it. */
export interface Found {
  readonly service: DeclaredService;
  readonly volume: string;
  /** Undefined where nobody can look into it, for want of an image on the node. */
  readonly files: Telltales | undefined;
  /** Another program has it: what runs under the service's name. */
  readonly inUse: boolean;
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
    .filter(({ name, image }) => !sameImage(named(image), images.get(name) ?? ''))
    .flatMap((service) => service.volumes.map((volume) => ({ service, volume })));
  if (wanted.length === 0) return [];
  const there = new Set((await docker.volumes()).map(({ Name }) => Name));
  const found: Found[] = [];
  for (const { service, volume } of wanted.filter(({ volume }) => there.has(volume))) {
    const files = await docker.filesIn(volume, TELLTALES);
    found.push({ service, volume, files, inUse: images.has(service.name) });
  }
  return found;
}

/** Another build of a tag is no other program. */
const named = (image: string): string => image.split('@')[0]!;

/** Data that the program would refuse stops a deploy when it is half done: last of all, at a backend that all wait for. */
export function judgeVolumes(found: readonly Found[]): Finding[] {
  const findings: Finding[] = found.flatMap(({ service, volume, files, inUse }) => {
    const whose = files && foreignTo(service.image, files);
    if (!whose) return [];
    const { id, name, image } = service;
    const what = `${name} would not start: the volume ${volume} has ${harmless(whose)}`;
    // Before the state is asked whose service that is: a platform that another tool made is taken over in an order.
    const first = inUse ? 'made by docker stack deploy? docs/adopt.md first. ' : '';
    const ends = inUse ? `, which ends the ${name} that runs now` : '';
    const fix = `${first}where the data is needed, let what wrote it serve it, or deploy a version that reads it; where not, put it aside${ends}, and deploy again:`;
    const commands = putAside({ id, service: name, volume, image, exists: inUse });
    return [{ ...failure('volumes', what, fix), commands }];
  });
  const unseen = found.filter(({ files }) => !files);
  if (unseen.length > 0) {
    const images = [...new Set(unseen.map(({ service }) => service.image))];
    const which = unseen.map(({ volume }) => volume).join(', ');
    const are = unseen.length === 1 ? 'is' : 'are';
    const what = `${which} ${are} there before the program, and the server has no image with which to look whose data it is`;
    const fix = 'pull one there, and deploy again to have it looked at:';
    findings.push({ ...warning('volumes', what, fix), commands: [`docker pull ${images[0]}`] });
  }
  if (findings.length > 0 || found.length === 0) return findings;
  return [
    ok(
      'volumes',
      `${found.map(({ volume }) => volume).join(', ')} ${found.length === 1 ? 'has' : 'have'} no data that would be refused`,
    ),
  ];
}
