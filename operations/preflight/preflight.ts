import { connect } from '../docker/connect';
import { explain } from '../docker/explain';
import type { Service } from '../docker/snapshot';
import { judgeRotation } from '../secrets/judge-rotation';
import { judgeGiven } from '../secrets/judge-values';
import type { SynthesizedStack } from '../stack/synthesized';
import { givenInFiles, judgeVariables } from '../stack/variables';
import { type Finding, failure } from '../terminal/finding';
import { gatherCapacity, judgeCapacity } from './capacity';
import { gatherPair, judgeCertificate } from './certificate';
import { judgeClock } from './clock';
import type { EngineInfo, PreflightContext } from './context';
import { judgeDaemon } from './daemon';
import { gatherDisk, judgeDisk } from './disk';
import { gatherImages, judgeImages } from './images';
import { gatherPorts, judgePorts } from './ports';

export interface PreflightProps {
  readonly stack: SynthesizedStack;
  readonly shell: Readonly<Record<string, string | undefined>>;
  /** What paths in the catalogue are relative to. */
  readonly projectFolder: string;
  /** Optional secrets that are to go. @default none */
  readonly without?: readonly string[];
}

/** Needs an engine that is a manager; each asks on its own, and one that cannot ask does not hide the others. */
const CHECKS: Readonly<Record<string, (context: PreflightContext) => Promise<Finding[]>>> = {
  images: async ({ docker, stack, services, shell }) =>
    judgeImages(await gatherImages(docker, stack, services, shell)),
  capacity: async ({ docker, stack, services }) =>
    judgeCapacity(await gatherCapacity(docker, services, stack.namespace), stack),
  ports: async ({ docker, stack, services }) => judgePorts(await gatherPorts(docker, services), stack),
  disk: async ({ stack, info }) => judgeDisk(await gatherDisk(stack.host, stack.sshOptions, info.rootFolder)),
};

const ANSWER_SECONDS = 30;

/** Looks at everything a deploy needs and changes nothing. All findings come at once. */
export async function preflight({
  stack,
  shell,
  projectFolder,
  without = [],
}: PreflightProps): Promise<Finding[]> {
  const inFiles = givenInFiles(stack.folder);
  const secrets = stack.settings.secrets ?? [];
  const here = [
    ...judgeVariables(stack, shell, inFiles),
    ...judgeGiven(secrets, shell, without),
    ...(await guarded('certificate', async () =>
      judgeCertificate(gatherPair(stack.settings, shell, projectFolder), new Date()),
    )),
  ];
  const connection = connect(stack);
  try {
    const { docker } = connection;
    const info = await bounded(ask(() => docker.info()));
    const findings = [...judgeDaemon(info, stack.host), ...judgeClock(info)];
    if (!info.manager) return [...findings, ...here];
    const services = (await bounded(docker.listServices())) as unknown as Service[];
    const context: PreflightContext = { stack, docker, shell, services, info, projectFolder };
    const there = await Promise.all(
      Object.entries(CHECKS).map(([name, check]) => guarded(name, () => bounded(check(context)))),
    );
    // The value of what Terraform reads from a file of its own is not known here.
    const known = secrets.filter(({ name }) => !inFiles.has(name));
    const rotations = judgeRotation({ ...stack, secrets: known, shell, services, without });
    return [...findings, ...there.flat(), ...here, ...rotations];
  } catch (error) {
    const words = explain(error, stack.host);
    if (!words) throw error;
    const [what = '', fix = ''] = words.message.split('\n');
    return [{ ...failure('server', what, fix), unreachable: true }, ...here];
  } finally {
    connection.close();
  }
}

async function ask(request: () => Promise<Record<string, never>>): Promise<EngineInfo> {
  const before = Date.now();
  const info = (await request()) as {
    readonly SystemTime?: string;
    readonly DockerRootDir?: string;
    readonly ServerVersion?: string;
    readonly Swarm?: { readonly ControlAvailable?: boolean; readonly LocalNodeState?: string };
  };
  const here = (before + Date.now()) / 2;
  return {
    skew: Date.parse(info.SystemTime ?? '') - here || 0,
    rootFolder: info.DockerRootDir ?? '/var/lib/docker',
    version: info.ServerVersion ?? '0',
    manager: info.Swarm?.ControlAvailable ?? false,
    swarm: info.Swarm?.LocalNodeState ?? '',
  };
}

async function guarded(name: string, check: () => Promise<Finding[]>): Promise<Finding[]> {
  try {
    return await check();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return [
      failure(
        name,
        `could not be checked: ${message.split('\n')[0]}`,
        'deploy again; --skip-preflight goes on without',
      ),
    ];
  }
}

async function bounded<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer for ${ANSWER_SECONDS} s`)), ANSWER_SECONDS * 1000);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
