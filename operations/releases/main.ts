import type { Release } from '../../contract/release';
import { type DockerClient, withDocker } from '../docker/client';
import { ConnectionError } from '../docker/explain';
import type { Snapshot } from '../docker/snapshot';
import { SwarmClient } from '../docker/swarm-client';
import type { Target } from '../docker/target';
import { redactorHere } from '../inputs/redactor-here';
import { planLines } from '../plan/text';
import { hasConverged, newest, releaseOf } from '../records/choose';
import { lockInWords, readLock } from '../records/lock';
import { readReleases } from '../records/store';
import { columnsOf } from '../terminal/terminal';
import { auditLines, deedOf } from './audit';
import { diffOf } from './diff';
import { listLines, showLines, verifyLines } from './text';
import { deviations } from './verify';

export interface ReleasesOptions {
  readonly target: Target;
  /** The namespace. */
  readonly stack: string;
  readonly json: boolean;
}

const EXIT = { done: 0, not: 1, unreachable: 6 } as const;

/** `./proctor releases`. Resolves to the exit code. */
export const runList = (options: ReleasesOptions): Promise<number> =>
  told(options, async (say, docker) => {
    const releases = await readReleases(docker, options.stack);
    say(
      { stack: options.stack, releases: releases.map(withoutParts) },
      listLines(releases, columnsOf(process.stdout)),
    );
    return EXIT.done;
  });

export const runShow = (options: ReleasesOptions, number: number): Promise<number> =>
  told(options, async (say, docker) => {
    const release = releaseOf(await readReleases(docker, options.stack), number);
    say(withoutParts(release), showLines(release, columnsOf(process.stdout)));
    return EXIT.done;
  });

export const runDiff = (options: ReleasesOptions, from: number, to: number): Promise<number> =>
  told(options, async (say, docker) => {
    const releases = await readReleases(docker, options.stack);
    const plan = diffOf(releaseOf(releases, from), releaseOf(releases, to));
    const same = plan.services.length + plan.objects.length === 0;
    const lines = same
      ? [`releases ${from} and ${to} are the same`]
      : planLines(plan, { columns: columnsOf(process.stdout) });
    say({ from, to, plan }, lines);
    return EXIT.done;
  });

/** `./proctor verify`. @param number the newest that converged, where it is not given */
export const runVerify = (options: ReleasesOptions, number?: number): Promise<number> =>
  told(options, async (say, docker) => {
    const { target, stack } = options;
    const releases = await readReleases(docker, stack);
    const release = number === undefined ? newest(releases) : releaseOf(releases, number);
    const found = deviations(release, await snapshotsOf(target, stack));
    const { host: server } = target;
    const { number: of, outcome } = release;
    const exactly = found.length === 0 && hasConverged(release);
    say({ server, release: of, outcome, exactly, differences: found }, verifyLines(release, server, found));
    return exactly ? EXIT.done : EXIT.not;
  });

async function snapshotsOf(target: Target, stack: string): Promise<ReadonlyMap<string, Snapshot>> {
  const swarm = new SwarmClient(target);
  try {
    const services = await swarm.docker.services({ label: [`com.docker.stack.namespace=${stack}`] });
    return await swarm.snapshots(services.map(({ Spec }) => Spec.Name ?? ''));
  } finally {
    swarm.close();
  }
}

/** `./proctor audit`. */
export const runAudit = (options: ReleasesOptions): Promise<number> =>
  told(options, async (say, docker) => {
    const releases = [...(await readReleases(docker, options.stack))].reverse();
    const lock = await readLock(docker, options.stack);
    say({ stack: options.stack, done: releases.map(deedOf), lock: lock ?? null }, [
      ...auditLines(releases),
      ...(lock ? [lockInWords(lock)] : []),
    ]);
    return EXIT.done;
  });

type Say = (json: unknown, lines: readonly string[]) => void;

/** @param work says its result once, as JSON and in lines */
async function told(
  { target, json }: ReleasesOptions,
  work: (say: Say, docker: DockerClient) => Promise<number>,
): Promise<number> {
  const redactor = redactorHere(process.env, target.derived);
  const say: Say = (object, lines) =>
    process.stdout.write(
      `${json ? redactor.hide(JSON.stringify(object)) : redactor.show(lines.join('\n'))}\n`,
    );
  try {
    return await withDocker(target, (docker) => work(say, docker));
  } catch (error) {
    process.stderr.write(`error: ${redactor.show((error as Error).message)}\n`);
    return error instanceof ConnectionError ? EXIT.unreachable : EXIT.not;
  }
}

const withoutParts = ({ packed: _, ...release }: Release) => release;
