import { type DockerClient, withDocker } from '../docker/client';
import { ConnectionError } from '../docker/explain';
import type { Target } from '../docker/target';
import { redactorHere } from '../inputs/redactor-here';
import { dropLock, holderOf, lockInWords, takeLock } from '../records/lock';
import { authorOf } from './author';

export interface LockOptions {
  readonly target: Target;
  /** The namespace. */
  readonly stack: string;
}

const EXIT = { done: 0, not: 1, unreachable: 6 } as const;

/** `./proctor lock`. Resolves to the exit code. */
export const runLock = (options: LockOptions, why: string): Promise<number> =>
  asked(options, async (docker) => {
    const lock = { who: authorOf(process.env), since: new Date().toISOString(), why };
    const other = await takeLock(docker, options.stack, lock);
    if (other) throw new Error(`${lockInWords(other)}\n  when that is over: ./proctor unlock`);
    return `nobody deploys to ${inWords(options)} until ./proctor unlock; a deploy that is under way goes on`;
  });

/** `./proctor unlock`. Resolves to the exit code. */
export const runUnlock = (options: LockOptions): Promise<number> =>
  asked(options, async (docker) => {
    const lock = await dropLock(docker, options.stack);
    return lock
      ? `${inWords(options)} is unlocked; it was locked by ${holderOf(lock)}`
      : `${inWords(options)} was not locked`;
  });

/** With the server: a lock of another one keeps nobody from this one. */
const inWords = ({ stack, target }: LockOptions): string => `${stack} at ${target.host}`;

async function asked(
  { target }: LockOptions,
  work: (docker: DockerClient) => Promise<string>,
): Promise<number> {
  const redactor = redactorHere(process.env, target.derived);
  try {
    process.stdout.write(`${redactor.show(await withDocker(target, work))}\n`);
    return EXIT.done;
  } catch (error) {
    process.stderr.write(`error: ${redactor.show((error as Error).message)}\n`);
    return error instanceof ConnectionError ? EXIT.unreachable : EXIT.not;
  }
}
