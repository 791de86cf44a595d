import type { ContainerSummary } from '../docker/answers';
import type { Docker } from '../docker/client';
import { ConnectionError } from '../docker/explain';
import { isRunning } from '../docker/snapshot';
import { gatherExposure } from '../preflight/exposure';
import { gatherSeen } from './entrance';
import type { SecurityOptions } from './options';
import { processesIn } from './processes';
import { type Facts, shortName, type Task } from './rows/facts';

/** With the shell's own words alone, which every image with a shell has. */
const ASK = `for s in /proc/[0-9]*/status; do
  while IFS= read -r l; do case $l in Name:*|Pid:*|PPid:*|Uid:*|Cap*:*|NoNewPrivs:*|Seccomp:*) echo "$l";; esac; done <"$s"
  echo
done 2>/dev/null`;
const SHELL_SECONDS = 30;
/** The engine's own, with and without TLS, and the Swarm's. */
const PORTS = [2375, 2376, 2377, 7946];
const STACK = 'com.docker.stack.namespace';

/** Asks everything. @throws {ConnectionError} when the daemon cannot be asked */
export async function gather(
  docker: Docker,
  { target, stack, backends, entrance }: SecurityOptions,
): Promise<Facts> {
  const seen = gatherSeen(entrance);
  const open = gatherExposure(target.host, PORTS);
  const label = [`${STACK}=${stack}`];
  const [info, services, nodes, networks, running] = [
    await docker.info(),
    await docker.services({ label }),
    await docker.nodes(),
    (await docker.networks()).filter(({ Labels }) => Labels?.[STACK] === stack),
    (await docker.tasks({ 'desired-state': ['running'] })).filter(isRunning),
  ];
  const tasks: Task[] = [];
  for (const summary of await docker.containers({ label })) {
    const task = await taskOf(docker, stack, summary);
    if (task) tasks.push(task);
  }
  // Containers are this node's.
  const others = running.filter(({ NodeID }) => NodeID !== info.Swarm?.NodeID);
  const elsewhere = services
    .filter(({ ID }) => others.some(({ ServiceID }) => ServiceID === ID))
    .map(({ Spec }) => shortName({ stack }, Spec.Name));
  return {
    ...{ stack, backends, info, services, nodes, networks, tasks, elsewhere },
    open: await open,
    seen: await seen,
  };
}

async function taskOf(docker: Docker, stack: string, summary: ContainerSummary): Promise<Task | undefined> {
  const { Id: id, Labels } = summary;
  const name = Labels['com.docker.swarm.service.name'];
  if (!id || !name) return undefined;
  const service = shortName({ stack }, name);
  try {
    const container = await docker.container(id);
    const said = await docker
      .exec({ containerId: id, command: ['sh', '-c', ASK], timeoutSeconds: SHELL_SECONDS })
      .catch(notIn);
    return { service, container, processes: said ? processesIn(said.stdout) : undefined };
  } catch (error) {
    // A task that ended meanwhile.
    if (statusOf(error) === 404) return undefined;
    throw error;
  }
}

const statusOf = (error: unknown) => (error as { statusCode?: number }).statusCode;

/** There is no shell in it, it has ended, or it does not answer (no CPU, a disk that hangs): one is no reason to tell of none. */
function notIn(error: unknown): undefined {
  if (error instanceof ConnectionError) throw error;
}
