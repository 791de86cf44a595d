import { spawn } from 'node:child_process';

/** As long as a login may take. A living server tells within a second what its Docker says. */
const PATIENCE_MS = 10_000;
const PING = 'GET /_ping HTTP/1.0\r\nHost: docker\r\n\r\n';

/** Whether options may lead through a connection that was there before: one of their own, or one of a configuration file. */
export const mayShare = (sshOptions: readonly string[]): boolean =>
  sshOptions.some((option) => option === '-F' || /^(-o)?ControlPath[= ](?!none)/i.test(option));

/**
 * Leaves a shared connection that leads nowhere any more: its network was cut, which ssh itself notes after 45 s, and until
 * then every command through it would fail. What goes through it already may go on; who comes next makes a new one.
 *
 * @param login arguments of ssh without the command, ending with the host
 */
export async function leaveDeadConnection(
  login: readonly string[],
  command: readonly string[],
): Promise<void> {
  if (!(await ends(['-O', 'check', ...login]))) return;
  if (await says([...login, ...command])) return;
  await ends(['-O', 'stop', ...login]);
}

/** Whether a question to the process that holds the connection, on this machine, is answered well. */
const ends = (args: readonly string[]): Promise<boolean> =>
  new Promise((resolve) => {
    const child = spawn('ssh', args, { stdio: 'ignore', env: process.env, timeout: PATIENCE_MS });
    child.once('error', () => resolve(false)).once('exit', (code) => resolve(code === 0));
  });

/** Whether anything comes back: an answer, or an end with a reason. */
const says = (args: readonly string[]): Promise<boolean> =>
  new Promise((resolve) => {
    const child = spawn('ssh', args, { stdio: ['pipe', 'pipe', 'ignore'], env: process.env });
    const done = (alive: boolean) => {
      clearTimeout(timer);
      child.kill();
      child.stdout.destroy();
      resolve(alive);
    };
    const timer = setTimeout(() => done(false), PATIENCE_MS);
    child.stdout.once('data', () => done(true));
    child.once('error', () => done(true)).once('exit', () => done(true));
    child.stdin.on('error', () => {});
    child.stdin.write(PING);
  });
