import { readFileSync } from 'node:fs';
import type { Shell } from '../../../contract/shell';
import { Fault } from './fault';

/** What set the workflow off, as GitHub leaves it in a file. Everything in it may be written by a stranger. */
export function readEvent(env: Shell): Record<string, unknown> {
  try {
    return JSON.parse(readFileSync(env.GITHUB_EVENT_PATH ?? '', 'utf8')) as Record<string, unknown>;
  } catch {
    throw new Fault(
      'GITHUB_EVENT_PATH does not lead to an event',
      'this step is for the jobs of GitHub Actions',
    );
  }
}

/** @throws {Fault} for any other event */
export function pullRequestNumber(env: Shell): number {
  const number = (readEvent(env).pull_request as { number?: unknown } | undefined)?.number;
  if (typeof number === 'number' && Number.isInteger(number)) return number;
  throw new Fault('this is not the event of a pull request', 'run this step on: pull_request');
}
