import { docker } from '../../../lab/engine/docker';
import { oneImage, type Patch } from '../../../proof/platform/patch';
import { runningLab } from '../../e2e/support/lab';

/** An application's v2 under a tag that only the registry has, so that the node must pull it. */
export async function freshTag(service: string): Promise<{ readonly tag: string; readonly patch: Patch }> {
  const { paths, registry } = runningLab();
  const tag = `v2-${Date.now()}`;
  const name = `${registry}/proctorwise-${service}`;
  const recipe = `FROM ${name}:v2\nLABEL faults=${tag}\n`;
  await docker(paths, ['build', '--quiet', '--tag', `${name}:${tag}`, '-'], { input: recipe });
  await docker(paths, ['push', '--quiet', `${name}:${tag}`]);
  await docker(paths, ['image', 'rm', '--no-prune', `${name}:${tag}`]);
  return { tag, patch: oneImage(service, tag) };
}
