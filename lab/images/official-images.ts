import type { Shell } from '../../contract/shell';
import { ensureCommand } from '../ground/packages';
import { run, succeeds } from '../ground/shell';

/** Whether Docker Hub answers. `LAB_OFFICIAL_IMAGES` (`always`, `never`) decides instead. */
export async function hubAnswers(shell: Shell = process.env): Promise<boolean> {
  if (shell.LAB_OFFICIAL_IMAGES) return shell.LAB_OFFICIAL_IMAGES === 'always';
  // 401 is its greeting to strangers, so any answer counts.
  const ask = ['--silent', '--output', '/dev/null', '--max-time', '5', 'https://registry-1.docker.io/v2/'];
  return succeeds('curl', ask);
}

/** Copies an image from its registry to the lab's; the lab's engine has no way to the internet. */
export async function copyOfficial(image: string, target: string): Promise<void> {
  await ensureCommand('skopeo', ['skopeo']);
  const plain = ['--override-os', 'linux', '--dest-tls-verify=false'];
  await run('skopeo', ['copy', '--quiet', ...plain, `docker://${image}`, `docker://${target}`]);
}
