import type { DeclaredSecret } from '../../contract/declared-secret';
import type { Shell } from '../../contract/shell';
import { opensWith } from '../backup/facts';
import { type DockerClient, withDocker } from '../docker/client';
import { ConnectionError } from '../docker/explain';
import { gatherPublicName, judgePublicName, serverHosts } from '../entrance/public-name';
import { givenValue } from '../inputs/declared';
import { judgeRotation, mayLock } from '../secrets/judge-rotation';
import { judgeGiven } from '../secrets/judge-values';
import type { SynthesizedStack } from '../stack/synthesized';
import { givenInFiles, judgeVariables } from '../stack/variables';
import { type Finding, failure } from '../terminal/finding';
import { messageOf } from '../terminal/message-of';
import { gatherAccounts, judgeAccounts } from './accounts';
import { gatherCapacity, judgeCapacity } from './capacity';
import { gatherPair, judgeCertificate } from './certificate';
import { judgeClock } from './clock';
import type { EngineInfo, PreflightContext } from './context';
import { judgeDaemon, judgeSecurity } from './daemon';
import { gatherDisks, judgeDisks } from './disk';
import { gatherExposure, judgeExposure } from './exposure';
import { gatherNetwork } from './network';
import { judgeNetwork } from './network-judge';
import { gatherPlaces } from './place/gather';
import { judgePlaces } from './place/places';
import { gatherListeners, gatherPorts, judgePorts } from './ports';
import { gatherProviderLock, judgeProviderLock } from './provider-lock';
import { askRegistries } from './registries/ask-registries';
import { judgeImages } from './registries/images';
import { poolOf } from './subnet';
import { gatherVolumes, judgeVolumes } from './volumes/volumes';

export interface PreflightProps {
  readonly stack: SynthesizedStack;
  readonly shell: Shell;
  /** What paths in the catalogue are relative to. */
  readonly projectFolder: string;
  /** The lab may run whatever providers this machine has. */
  readonly environment: string;
  /** Optional secrets that are to go. @default none */
  readonly without?: readonly string[];
}

/** Needs an engine that is a manager; each asks on its own, and one that cannot ask does not hide the others. */
const CHECKS: Readonly<Record<string, (context: PreflightContext) => Promise<Finding[]>>> = {
  images: async ({ stack, services, nodes, shell }) =>
    judgeImages(await askRegistries({ stack, existing: services, nodes: await nodes, shell })),
  capacity: async ({ docker, stack, services, nodes }) =>
    judgeCapacity(await gatherCapacity(docker, await nodes, services, stack.namespace), stack),
  ports: async ({ docker, stack, services, listeners }) =>
    judgePorts(await gatherPorts(docker, services), stack, await listeners),
  network: async (context) => judgeNetwork(await gatherNetwork(context), context.stack),
  place: async (context) => judgePlaces(await gatherPlaces(context), context.stack),
  volumes: async (context) => judgeVolumes(await gatherVolumes(context)),
  accounts: async ({ docker, stack, services }) =>
    judgeAccounts(await gatherAccounts({ docker, accounts: stack.settings.sharedAccounts ?? [], services })),
  name: async ({ stack, shell }) => {
    const { serverName = '', front } = stack.settings;
    return judgePublicName(await gatherPublicName(serverName, serverHosts(stack.host, shell)), front);
  },
  exposure: async ({ stack }) => judgeExposure(await gatherExposure(stack.host)),
  disk: async ({ stack, info }) => judgeDisks(await gatherDisks(stack, info.store)),
};

const ANSWER_SECONDS = 30;
const LAB = 'lab';

/** Looks at everything a deploy needs and changes nothing that runs. All findings come at once. */
export async function preflight({
  stack,
  shell,
  projectFolder,
  environment,
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
    ...(environment === LAB
      ? []
      : await guarded('providers', async () =>
          judgeProviderLock(...gatherProviderLock(stack.folder, projectFolder)),
        )),
  ];
  try {
    return await withDocker({ ...stack, answerSeconds: ANSWER_SECONDS }, async (docker) => {
      const info = await engineInfo(docker);
      const findings = [...judgeDaemon(info, stack.host), ...judgeSecurity(info), ...judgeClock(info)];
      if (!info.manager) return [...findings, ...here];
      const services = await docker.services();
      const context: PreflightContext = {
        stack,
        docker,
        shell,
        services,
        nodes: docker.nodes(),
        info,
        listeners: gatherListeners(stack),
        projectFolder,
      };
      const there = await Promise.all(
        Object.entries(CHECKS).map(([name, check]) => guarded(name, () => check(context))),
      );
      // The value of what Terraform reads from a file of its own is not known here.
      const known = secrets.filter(({ name }) => !inFiles.has(name));
      const given = { ...stack, secrets: known, shell, services };
      const opened = await whatOpens(docker, stack, mayLock(given), shell);
      const rotations = judgeRotation({ ...given, without, opened });
      return [...findings, ...there.flat(), ...here, ...rotations];
    });
  } catch (error) {
    if (!(error instanceof ConnectionError)) throw error;
    const [what = '', fix = ''] = error.message.split('\n');
    return [{ ...failure('server', what, fix), unreachable: true }, ...here];
  }
}

/** Of secrets that open the backups: those whose new value does so, too. */
async function whatOpens(
  docker: DockerClient,
  { settings: { backup } }: SynthesizedStack,
  secrets: readonly DeclaredSecret[],
  shell: Shell,
): Promise<ReadonlySet<string>> {
  const opened = new Set<string>();
  for (const { name } of backup ? secrets : []) {
    if (await opensWith(docker, backup!.service, givenValue(name, shell)).catch(() => false))
      opened.add(name);
  }
  return opened;
}

async function engineInfo(docker: DockerClient): Promise<EngineInfo> {
  const before = Date.now();
  const info = await docker.info();
  const here = (before + Date.now()) / 2;
  return {
    skew: Date.parse(info.SystemTime) - here || 0,
    store: info,
    pool: poolOf(info.Swarm?.Cluster),
    version: info.ServerVersion ?? '0',
    manager: info.Swarm?.ControlAvailable ?? false,
    swarm: info.Swarm?.LocalNodeState ?? '',
    swarmError: info.Swarm?.Error ?? '',
    securityOptions: info.SecurityOptions ?? [],
  };
}

async function guarded(name: string, check: () => Promise<Finding[]>): Promise<Finding[]> {
  try {
    return await check();
  } catch (error) {
    const message = messageOf(error);
    return [
      failure(
        name,
        `could not be checked: ${message.split('\n')[0]}`,
        'deploy again; --skip-preflight goes on without',
      ),
    ];
  }
}
