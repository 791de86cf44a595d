import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { LabError } from '../ground/error';
import type { LabPaths } from '../ground/paths';
import { listens, requireFreePort } from '../ground/ports';
import {
  becomesReady,
  lastWord,
  processesOf,
  type Role,
  startProcess,
  stopProcesses,
} from '../ground/processes';
import type { LabSettings } from '../ground/settings';
import { succeeds } from '../ground/shell';
import { insideNetwork } from './network';

/** `127.0.0.1:<port>`: the same images under the same name for the engine and for this machine. */
export const registryAddress = (settings: LabSettings): string => `127.0.0.1:${settings.registryPort}`;

/** docker-registry's config.yml. */
export function registryConfiguration(paths: LabPaths, settings: LabSettings): string {
  return stringify({
    version: 0.1,
    log: { level: 'error', accesslog: { disabled: true } },
    storage: { filesystem: { rootdirectory: paths.registry }, delete: { enabled: true } },
    http: { addr: registryAddress(settings), secret: settings.registrySecret },
  });
}

/**
 * Two processes on one folder: loopback in the engine's network is not loopback here, and an image must have one name.
 */
export async function startRegistry(paths: LabPaths, settings: LabSettings): Promise<void> {
  const config = join(paths.dir, 'registry.yml');
  mkdirSync(paths.registry, { recursive: true });
  writeFileSync(config, registryConfiguration(paths, settings));
  const serve = ['docker-registry', 'serve', config];
  const isMissing = (role: Role) => processesOf(paths, role).length === 0;
  if (isMissing('registry-view')) {
    await requireFreePort(settings.registryPort, 'registry', 'LAB_REGISTRY_PORT');
    startProcess(paths, 'registry-view', serve);
  }
  if (isMissing('registry')) startProcess(paths, 'registry', [...insideNetwork(paths), ...serve]);
  const url = `http://${registryAddress(settings)}/v2/`;
  const inside = [...insideNetwork(paths).slice(1), 'curl', '-fs', '--noproxy', '*', '-o', '/dev/null', url];
  const checks: [Role, () => Promise<boolean>][] = [
    ['registry', () => succeeds('nsenter', inside)],
    ['registry-view', () => listens(settings.registryPort)],
  ];
  for (const [role, serves] of checks) {
    if (await becomesReady(paths, role, 20, serves)) continue;
    throw new LabError(
      `the registry does not start: ${lastWord(paths, role)}`,
      `see ${join(paths.logs, `${role}.log`)}`,
    );
  }
}

/** Its images stay. */
export async function stopRegistry(paths: LabPaths): Promise<void> {
  await Promise.all([stopProcesses(paths, 'registry'), stopProcesses(paths, 'registry-view')]);
}
