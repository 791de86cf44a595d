export interface InTheWay {
  /** As in the catalogue. */
  readonly id: string;
  /** As in Swarm. */
  readonly service: string;
  readonly volume: string;
  /** Any that has `cp`: the service's own will be needed there anyway. */
  readonly image: string;
  /** The service is there, whatever becomes of its tasks: its volume is in use. */
  readonly exists: boolean;
}

/**
 * Takes data away from a service whose program does not start on it, in lines for a shell: a copy stays, and the next
 * deploy finds no volume. docs/adopt.md has the same lines.
 */
export function putAside({ id, service, volume, image, exists }: InTheWay): readonly string[] {
  const ofService = `--filter label=com.docker.swarm.service.name=${service}`;
  return [
    // Not scaled to 0: containers that have ended would stay, and hold the volume.
    ...(exists
      ? [`docker service rm ${service}`, `until [ -z "$(docker ps -aq ${ofService})" ]; do sleep 1; done`]
      : []),
    'docker run --rm --network none --user 0 --entrypoint cp \\',
    `  -v ${volume}:/from:ro -v ${volume}_old:/to ${image.split('@')[0]} -a /from/. /to/ &&`,
    `  docker volume rm ${volume} &&`,
    `  ./proctor data forget ${id}`,
  ];
}
