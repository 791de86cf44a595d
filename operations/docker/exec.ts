import { type Duplex, PassThrough } from 'node:stream';
import type Dockerode from 'dockerode';
import { collect } from './streams';
import { NoAnswer, within } from './within';

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

/** The client's way to ask, with its time-out and its errors. */
interface Asking {
  ask<T>(request: (docker: Dockerode) => Promise<unknown>): Promise<T>;
  inWords(error: unknown): unknown;
}

/** @throws when the command takes too long or its end is not seen, and what `asking` throws */
export async function execInTask(
  { modem }: Dockerode,
  task: TaskCommand,
  asking: Asking,
): Promise<TaskCommandResult> {
  const exec = await asking.ask<Dockerode.Exec>((docker) =>
    docker.getContainer(task.containerId).exec({
      Cmd: [...task.command],
      AttachStdin: true,
      AttachStdout: true,
      AttachStderr: true,
      Tty: false,
      ...(task.user === undefined ? {} : { User: task.user }),
    }),
  );
  const stream = await asking.ask<Duplex>(() => exec.start({ hijack: true, stdin: true }));
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const texts = [collect(stdout), collect(stderr)] as const;
  modem.demuxStream(stream, stdout, stderr);
  const seconds = task.timeoutSeconds ?? 120;
  try {
    await within(untilEnd(stream, task.stdin ?? ''), seconds);
  } catch (error) {
    stream.destroy();
    // The daemon did answer; it is the command that does not end.
    if (error instanceof NoAnswer)
      throw new Error(`${task.command[0]} in the task gave no answer for ${seconds} s`);
    throw asking.inWords(error);
  }
  const { ExitCode } = await asking.ask<{ readonly ExitCode?: number | null }>(() => exec.inspect());
  if (typeof ExitCode !== 'number') {
    throw new Error(`the connection ended before ${task.command[0]} did; what it changed is not known`);
  }
  return { exitCode: ExitCode, stdout: texts[0](), stderr: texts[1]() };
}

function untilEnd(stream: Duplex, stdin: string): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.once('end', resolve);
    stream.once('close', resolve);
    stream.once('error', reject);
    // An ended standard input is what tells `mariadb` or `sh` that the script is complete.
    stream.end(stdin);
  });
}
