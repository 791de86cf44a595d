import { PassThrough } from 'node:stream';
import type Docker from 'dockerode';
import { within } from './within';

/** One command in one container. */
export interface TaskCommand {
  readonly containerId: string;
  /** Program and arguments; no shell is involved. Visible in the process list: secrets go to `stdin`. */
  readonly command: readonly string[];
  /** @default - the image's user */
  readonly user?: string;
  /** Written to the command's standard input, which is then closed. @default - empty */
  readonly stdin?: string;
  /** Given up after this many seconds. @default 120 */
  readonly timeoutSeconds?: number;
}

/** What the command said, and how it ended. */
export interface TaskCommandResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a command in a container over the Docker API, as `docker exec -i` does.
 *
 * @throws when the container is gone, the connection breaks, the daemon is silent or the time is over; a command that fails is a result
 */
export async function execInTask(docker: Docker, task: TaskCommand): Promise<TaskCommandResult> {
  const exec = await within(
    docker.getContainer(task.containerId).exec({
      Cmd: [...task.command],
      AttachStdin: true,
      AttachStdout: true,
      AttachStderr: true,
      Tty: false,
      ...(task.user === undefined ? {} : { User: task.user }),
    }),
  );
  const stream = await within(exec.start({ hijack: true, stdin: true }));
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  docker.modem.demuxStream(stream, stdout, stderr);
  const texts = [collect(stdout), collect(stderr)] as const;
  const seconds = task.timeoutSeconds ?? 120;
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => {
      stream.destroy();
      reject(new Error(`${task.command[0]} in the task gave no answer for ${seconds} s`));
    }, seconds * 1000);
    const done = (error?: Error) => {
      clearTimeout(timer);
      if (error) reject(error);
      else resolve();
    };
    stream.once('end', () => done());
    stream.once('close', () => done());
    stream.once('error', done);
    // An ended standard input is what tells `mariadb` or `sh` that the script is complete.
    stream.end(task.stdin ?? '');
  });
  const { ExitCode } = await within(exec.inspect());
  if (typeof ExitCode !== 'number') {
    throw new Error(`the connection ended before ${task.command[0]} did; what it changed is not known`);
  }
  return { exitCode: ExitCode, stdout: texts[0](), stderr: texts[1]() };
}

function collect(stream: PassThrough): () => string {
  const chunks: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  return () => Buffer.concat(chunks).toString('utf8');
}
