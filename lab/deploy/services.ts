import { table } from '../../operations/terminal/table';
import { docker } from '../engine/docker';
import { LabError } from '../ground/error';
import type { LabPaths } from '../ground/paths';
import type { Print } from '../ground/progress';
import { sleep } from '../ground/shell';
import { NAMESPACE } from './target';

export interface ServiceLine {
  /** Without the stack's name. */
  readonly service: string;
  readonly running: number;
  readonly wanted: number;
  /** `repository:tag`, without registry and digest. */
  readonly image: string;
  /** What the containers' health checks say: `healthy`, or one word for each that says otherwise. */
  readonly health: string;
}

/** What `docker service ls` and `docker ps` say about the platform. */
export async function readServices(paths: LabPaths): Promise<ServiceLine[]> {
  const label = `label=com.docker.stack.namespace=${NAMESPACE}`;
  const ask = (args: readonly string[], format: string) =>
    docker(paths, [...args, '--filter', label, '--format', format]).then((text) =>
      text
        .split('\n')
        .filter(Boolean)
        .map((line) => line.split('\t')),
    );
  const [list, containers] = await Promise.all([
    ask(['service', 'ls'], '{{.Name}}\t{{.Replicas}}\t{{.Image}}'),
    ask(['ps'], '{{.Label "com.docker.swarm.service.name"}}\t{{.Status}}'),
  ]);
  return list.map(([name = '', replicas = '', image = '']) => {
    const [, running = '0', wanted = '0'] = /^(\d+)\/(\d+)/.exec(replicas) ?? [];
    const states = containers
      .filter(([service]) => service === name)
      .map(([, status = '']) => /\((?:health: )?(\w+)\)/.exec(status)?.[1] ?? 'unknown');
    return {
      service: name.replace(`${NAMESPACE}_`, ''),
      running: Number(running),
      wanted: Number(wanted),
      image: image.replace(/@.*$/, '').replace(/^.*\//, ''),
      health: [...new Set(states)].join(', ') || 'none',
    };
  });
}

/**
 * Waits until every service has its tasks, which takes a while after an engine's start even if nothing was deployed.
 *
 * @throws LabError with the services that lack tasks
 */
export async function waitForServices(paths: LabPaths, print: Print, seconds = 300): Promise<ServiceLine[]> {
  const end = Date.now() + seconds * 1000;
  let told = '';
  for (;;) {
    const all = await readServices(paths);
    const lacking = all.filter(({ running, wanted }) => running < wanted);
    if (all.length > 0 && lacking.length === 0) return all;
    const text = lacking.map(({ service, running, wanted }) => `${service} ${running}/${wanted}`).join(', ');
    if (Date.now() >= end) {
      throw new LabError(
        `after ${seconds} s these services lack tasks: ${text || 'all of them'}`,
        `. ${paths.env}, then: docker service ps --no-trunc ${NAMESPACE}_${lacking[0]?.service ?? 'userservice'}`,
      );
    }
    if (text !== told) print(`  waiting for ${text}`);
    told = text;
    await sleep(1);
  }
}

export const serviceTable = (lines: readonly ServiceLine[]): string =>
  table([
    ['service', 'replicas', 'image', 'health'],
    ...lines.map(({ service, running, wanted, image, health }) => [
      service,
      `${running}/${wanted}`,
      image,
      health,
    ]),
  ]).join('\n');
