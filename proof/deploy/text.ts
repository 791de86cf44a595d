import { table } from '../../operations/terminal/table';
import type { Deployed, SwarmTime } from './measure';

const HEAD = [
  'deploy',
  'way',
  'seconds',
  'before, in and after Swarm',
  'verdict after Swarm',
  'times ours',
  'exit',
  'failed',
  'peak tasks',
  'CPUs reserved',
  'touched',
  'PreviousSpec changed',
];

/** The ways of each deploy, one under the other, with how many times as long as ours each took. */
export function sideBySide(all: readonly Deployed[]): string {
  const ours = (what: string) => all.find((one) => one.what === what && one.way === './proctor deploy');
  const first = (what: string) => all.findIndex((one) => one.what === what);
  const rows = [...all]
    .sort((a, b) => first(a.what) - first(b.what))
    .map((one) => {
      const least = ours(one.what)?.seconds;
      return [
        one.what,
        one.way,
        one.seconds.toFixed(1),
        inParts(one.swarm),
        one.swarm?.verdict?.toFixed(1) ?? '–',
        least === undefined ? '–' : (one.seconds / least).toFixed(2),
        String(one.exit),
        `${one.failed} of ${one.requests}`,
        String(one.peak.tasks),
        one.peak.cpus.toFixed(2),
        String(one.touched),
        String(one.previousSpecsChanged),
      ];
    });
  return table([HEAD, ...rows]).join('\n');
}

const inParts = (swarm: SwarmTime | undefined): string =>
  swarm ? [swarm.before, swarm.updating, swarm.after].map((seconds) => seconds.toFixed(1)).join(' + ') : '–';
