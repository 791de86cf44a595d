import { withoutQueries } from '../redact/queries';
import type { Redactor } from '../redact/redactor';
import type { Task } from './answers';
import type { Docker } from './client';

/** What a failed task leaves behind, as far as it can still be had. */
export interface Evidence {
  /** Host name of the node. */
  readonly node?: string;
  /** The last lines of its log. */
  readonly log: readonly string[];
  /** Output of the last health check. */
  readonly health?: string;
  /** The kernel killed it for its memory limit. */
  readonly outOfMemory: boolean;
}

const LOG_LINES = 20;
const LINE_LENGTH = 300;

/**
 * Collects evidence; what is gone, or on another node, is left out. Programs print their settings when they fail: what is
 * secret in it is hidden here, before it gets into a report, a file or a page.
 */
export async function evidenceOf(docker: Docker, task: Task, redactor: Redactor): Promise<Evidence> {
  const id = task.Status.ContainerStatus?.ContainerID;
  const [node, log, container] = await Promise.all([
    task.NodeID ? docker.node(task.NodeID).catch(nothing) : undefined,
    id ? docker.taskLog(task.ID, LOG_LINES).catch(nothing) : undefined,
    id ? docker.container(id).catch(nothing) : undefined,
  ]);
  const checks = container?.State?.Health?.Log ?? [];
  const health = checks.filter((check) => check.ExitCode !== 0).at(-1) ?? checks.at(-1);
  return {
    ...(node?.Description?.Hostname ? { node: node.Description.Hostname } : {}),
    log: linesOf(log ?? '', redactor),
    ...(health
      ? {
          health: `exit ${health.ExitCode}: ${withoutQueries(redactor.show(health.Output.trim())) || '(no output)'}`,
        }
      : {}),
    outOfMemory: container?.State?.OOMKilled ?? false,
  };
}

const nothing = () => undefined;

function linesOf(log: string, redactor: Redactor): string[] {
  // Before it is cut into lines: a part of a secret would not be found any more.
  const lines = withoutQueries(redactor.show(log)).split(/\r?\n/).filter(Boolean);
  return lines.slice(-LOG_LINES).map((line) => line.slice(0, LINE_LENGTH));
}
