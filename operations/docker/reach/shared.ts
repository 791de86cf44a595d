import { spawn } from 'node:child_process';

/** As long as a login may take. A living server tells within a second what its Docker says. */
const PATIENCE_MS = 10_000;

/** Whether options may lead through a connection that was there before: one of their own, or one of a configuration file. */
export const mayShare = (sshOptions: readonly string[]): boolean =>
  sshOptions.some((option) => option === '-F' || /^(-o)?ControlPath[= ](?!none)/i.test(option));

/**
 * Asks Docker through a shared connection, by one ssh, until the signal. Resolves whatever comes back, be it an error; to
 * false where it was given up by whoever asked, which says nothing.
 */
export type Ask = (signal: AbortSignal) => Promise<boolean>;

/** As long as nobody asks again after a look that went well. */
const GOOD_FOR_MS = 5_000;
const looks = new Map<string, { readonly at: number; readonly alive: Promise<boolean> }>();

/**
 * Leaves a shared connection that leads nowhere any more: its network was cut, which ssh itself notes after 45 s, and until
 * then every command through it would fail. What goes through it already may go on; who comes next makes a new one.
 *
 * @param login arguments of ssh without the command, ending with the host
 */
export async function leaveDeadConnection(login: readonly string[], ask: Ask): Promise<void> {
  const key = JSON.stringify(login);
  const last = looks.get(key);
  if (last && performance.now() - last.at < GOOD_FOR_MS && (await last.alive)) return;
  const look = { at: performance.now(), alive: isAlive(login, ask) };
  looks.set(key, look);
  await look.alive;
}

/** @returns false where there is none any more, or never was, or nobody knows */
async function isAlive(login: readonly string[], ask: Ask): Promise<boolean> {
  if (!(await ends(['-O', 'check', ...login]))) return false;
  const late = AbortSignal.timeout(PATIENCE_MS);
  const answered = await ask(late);
  if (!late.aborted) return answered;
  await ends(['-O', 'stop', ...login]);
  return false;
}

/** Whether a question to the process that holds the connection, on this machine, is answered well. */
const ends = (args: readonly string[]): Promise<boolean> =>
  new Promise((resolve) => {
    const child = spawn('ssh', args, { stdio: 'ignore', env: process.env, timeout: PATIENCE_MS });
    child.once('error', () => resolve(false)).once('exit', (code) => resolve(code === 0));
  });
