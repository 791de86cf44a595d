import type { ServiceSpec } from '../docker/answers';
import { likelyCause } from '../rollout/cause';
import { harmless } from '../terminal/untrusted';
import type { JobEnd } from './judge';

/** How a job ended, in one line; below it what to do, where that is known. */
export function endInWords(end: JobEnd, timeoutSeconds: number): string {
  const status = end.exitCode === undefined ? '' : ` with status ${end.exitCode}`;
  const seconds = `${Math.round(end.seconds)} s`;
  switch (end.outcome) {
    case 'completed':
      return `done in ${seconds}`;
    case 'failed':
      return end.exitCode === undefined
        ? `could not run${said(end)}`
        : `failed${status} after ${seconds}${cause(end)}`;
    case 'timedOut':
      return `was still running after ${timeoutSeconds} s, and was stopped`;
    case 'stopped':
      return `was stopped${status} after ${seconds}`;
    case 'removed':
      return `was removed by somebody after ${seconds}`;
    case 'notStarted':
      return `did not start${said(end)}`;
    case 'lost':
      return `was lost with its node${end.node ? ` ${harmless(end.node)}` : ''}, which is down: whether it goes on there is not known\n  bring the node back, where Swarm stops it then, and see what it has done before it runs again`;
  }
}

/** Of an end whose output was not passed on to its end. */
export const incompleteInWords = (unheard: string): string =>
  `output is incomplete: ${harmless(unheard)}\nwhat came is its beginning; run it again where it may run twice`;

const specOf = ({ task }: JobEnd): ServiceSpec | undefined => task && { TaskTemplate: task.Spec };

function said(end: JobEnd): string {
  const words = end.task?.Status.Err ?? end.task?.Status.Message;
  const spec = specOf(end);
  const why = end.task && spec && likelyCause(end.task, spec);
  return `${words ? `: ${harmless(words)}` : ''}${why ? `\n  ${why}` : ''}`;
}

const cause = ({ outOfMemory }: JobEnd): string =>
  outOfMemory ? ': the kernel killed it, its memory limit is too low' : '';
