import type { ServiceSpec, Task } from '../docker/answers';
import type { Evidence } from '../docker/evidence';
import { foreignData } from './causes/foreign-data';

const UNHEALTHY =
  'its health check kept failing, so Swarm stopped it: the program is broken, or the start period is too short';
const MIB = 1024 * 1024;

/** Docker's error for a task → its likely cause, in words. */
export function likelyCause(task: Task, spec: ServiceSpec, evidence?: Evidence): string | undefined {
  const said = task.Status.Err ?? task.Status.Message ?? '';
  const image = task.Spec.ContainerSpec?.Image ?? 'the image';
  if (evidence?.outOfMemory) return 'the kernel killed it: its memory limit is too low, or it leaks';
  // An unhealthy program that ends in good order when Swarm stops it leaves no word of ill health in its state.
  if (task.Status.State === 'complete' && evidence?.health && !evidence.health.startsWith('exit 0'))
    return UNHEALTHY;
  // The kernel's words are the program's only log line, or in the error of the engine that started it.
  if ([said, ...(evidence?.log ?? [])].some((line) => /exec format error/.test(line)))
    return `${image} is built for another processor than its node has: build it for that one, too (docker buildx build --platform)`;
  const foreign = foreignData(evidence?.log ?? [], task.Spec, spec);
  if (foreign) return foreign;
  const entry = CAUSES.find(([pattern]) => pattern.test(said));
  if (entry) return entry[1](image, { ...spec, TaskTemplate: task.Spec }, said);
  if (task.Status.State === 'shutdown')
    return 'it was told to stop while it was new: its node was drained or went down, or somebody scaled the service';
  // Never started: Docker 29 gives it an exit status of 0 all the same.
  if (task.Status.State === 'rejected') return undefined;
  const exit =
    task.Status.ContainerStatus?.ExitCode ?? Number(/non-zero exit \((\d+)\)/.exec(said)?.[1] ?? Number.NaN);
  if (task.Status.State === 'starting') return 'it runs, but its health check has not passed yet';
  if (task.Status.State === 'preparing')
    return 'its image is still being pulled, or the registry does not answer: `pullTimeout` of its update policy gives it longer';
  if (task.Status.State === 'complete')
    return 'the program ended by itself with status 0; a service must keep running';
  if (Number.isNaN(exit)) return undefined;
  return EXITS[exit] ?? `the program ended by itself with status ${exit}; its last log lines say why`;
}

const EXITS: Readonly<Record<number, string>> = {
  126: 'the command is not executable',
  127: 'the command does not exist in the image',
  137: 'it was killed (SIGKILL): out of memory, or it ignored SIGTERM longer than its stop grace period',
  139: 'the program crashed (segmentation fault)',
  143: 'it was ended from outside (SIGTERM)',
};

type Cause = readonly [pattern: RegExp, explain: (image: string, spec: ServiceSpec, said: string) => string];

const CAUSES: readonly Cause[] = [
  [
    /no space left on device/i,
    () => 'the node’s disk is full: `docker system df` there, then ./proctor prune',
  ],
  // From Docker 29 on, with containerd's image store, tasks have the words of the pull itself.
  [
    /toomanyrequests|too many requests/i,
    (image) =>
      `its registry has limited the pulls of ${image}: log in to it (\`registries\` of the catalogue), or wait`,
  ],
  [
    /failed to resolve reference .*: not found/i,
    (image) => `the registry does not have ${image}: check the tag (\`docker manifest inspect ${image}\`)`,
  ],
  [
    /failed to (resolve reference|do request|copy): .*(connection refused|no such host|no route to host|i\/o timeout|deadline exceeded|Client\.Timeout|EOF|connection reset|x509|tls: )/i,
    (image) =>
      `the registry of ${image} does not answer the node as it should: see Docker’s words above, and try \`docker pull ${image}\` there`,
  ],
  [
    /no such image|manifest unknown|not found: manifest|pull access denied|unauthorized|denied: |failed to (resolve reference|do request|authorize|copy|pull)/i,
    // Older engines say no more than this when a pull fails, for whatever reason.
    (image) =>
      `the registry does not have ${image} or does not answer, the login is missing or expired, or the node’s disk is full: check the tag (\`docker manifest inspect ${image}\`), the registry credentials of the deploy, and \`docker system df\` there`,
  ],
  [/unhealthy container/i, () => UNHEALTHY],
  // Of a task that is bound to its node, as a global service's, Swarm says the reason alone.
  [
    /no suitable node|on \d+ nodes?\b|not available for new tasks|max replicas per node/i,
    (_image, spec, said) => unschedulable(spec, said),
  ],
  [
    /port .*already (allocated|in use)|address already in use/i,
    () => 'another program or task holds its port on that node',
  ],
  [
    /executable file not found|no such file or directory.*exec|exec .*no such file/i,
    () => 'the command does not exist in the image: compare `command` and `args` with it',
  ],
  [/bind source path does not exist/i, () => 'the bind mount’s folder does not exist on that node'],
  [
    /(secret|config) .*not found|could not find (secret|config)/i,
    () => 'a secret or config it needs was removed',
  ],
  [/unknown capability/i, () => 'a capability is misspelt; Docker wants ALL, not CAP_ALL'],
  [/network .*not found|could not find network/i, () => 'a network it needs was removed'],
];

function unschedulable(spec: ServiceSpec, said: string): string {
  const causes: string[] = [];
  if (/insufficient resources/.test(said)) {
    const { NanoCPUs = 0, MemoryBytes = 0 } = spec.TaskTemplate.Resources?.Reservations ?? {};
    causes.push(
      `no node has its reservation free (${NanoCPUs / 1e9} CPU, ${Math.round(MemoryBytes / MIB)} MiB for each task); start-first needs room for one more than runs`,
    );
  }
  if (/constraints not satisfied/.test(said)) {
    const list = spec.TaskTemplate.Placement?.Constraints?.join(' and ') ?? 'its constraints';
    causes.push(`no node satisfies ${list}: look at \`docker node inspect\``);
  }
  if (/host-mode port already in use/.test(said)) {
    causes.push('the old task still holds the host-mode port: such a service needs order stop-first');
  }
  if (/max replicas per node/.test(said))
    causes.push('max_replicas per node leaves no room for one more task');
  if (/unsupported platform/.test(said)) causes.push('the image is built for another processor');
  if (/not available for new tasks/.test(said))
    causes.push('a node is drained, paused or down: `docker node ls`');
  if (/missing plugin/.test(said))
    causes.push('a plugin (volume, network or log driver) is missing on the node');
  return causes.join('; ') || 'see `docker node ls`';
}
