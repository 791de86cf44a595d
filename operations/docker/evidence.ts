import { PassThrough } from 'node:stream';
import type Docker from 'dockerode';
import type { Redactor } from '../redact/redactor';
import type { Task } from './snapshot';

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
  const container = task.Status.ContainerStatus?.ContainerID;
  const [node, log, state] = await Promise.all([
    task.NodeID ? docker.getNode(task.NodeID).inspect().catch(nothing) : undefined,
    container ? logOf(docker, task.ID, redactor).catch(() => []) : [],
    container ? docker.getContainer(container).inspect().catch(nothing) : undefined,
  ]);
  const checks = state?.State?.Health?.Log ?? [];
  const health = checks.filter((check) => check.ExitCode !== 0).at(-1) ?? checks.at(-1);
  return {
    ...(node?.Description?.Hostname ? { node: node.Description.Hostname as string } : {}),
    log,
    ...(health
      ? { health: `exit ${health.ExitCode}: ${redactor.hide(health.Output.trim()) || '(no output)'}` }
      : {}),
    outOfMemory: state?.State?.OOMKilled ?? false,
  };
}

const nothing = () => undefined;

async function logOf(docker: Docker, taskId: string, redactor: Redactor): Promise<string[]> {
  const raw = await new Promise<NodeJS.ReadableStream>((resolve, reject) => {
    docker.modem.dial(
      {
        path: `/tasks/${taskId}/logs?stdout=1&stderr=1&tail=${LOG_LINES}`,
        method: 'GET',
        isStream: true,
        statusCodes: { 200: true, 404: 'no such task', 500: 'server error' },
      },
      (error: unknown, stream: unknown) => (error ? reject(error) : resolve(stream as NodeJS.ReadableStream)),
    );
  });
  const chunks: Buffer[] = [];
  // Both streams in one, so that the lines keep their order.
  const text = new PassThrough().on('data', (chunk: Buffer) => chunks.push(chunk));
  docker.modem.demuxStream(raw, text, text);
  await new Promise((resolve, reject) => raw.once('end', resolve).once('error', reject));
  // Before it is cut into lines: a part of a secret would not be found any more.
  const said = redactor.hide(Buffer.concat(chunks).toString('utf8'));
  const lines = said.split(/\r?\n/).filter(Boolean);
  return lines.slice(-LOG_LINES).map((line) => line.slice(0, LINE_LENGTH));
}
