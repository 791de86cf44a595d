import { parseImage } from '../../constructs/units';

/** Another series of one program: `10.11` and `11.4`; undefined for a patch of the same, or another program. */
export function otherSeries(from: string, to: string): readonly [from: string, to: string] | undefined {
  const [old, next] = [parseImage(from), parseImage(to)];
  const [before, after] = [seriesOf(old.tag), seriesOf(next.tag)];
  if (nameOf(old.path) !== nameOf(next.path) || !before || !after || before === after) return undefined;
  return [before, after];
}

const seriesOf = (tag: string | undefined): string | undefined => /^v?(\d+\.\d+)/.exec(tag ?? '')?.[1];
const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
