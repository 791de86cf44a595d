import type { Distribution, SwarmNode } from '../../docker/answers';

/** `linux/amd64`. */
export type Platform = `${string}/${string}`;

/** What a kernel calls itself, and what images call it. */
const ARCHITECTURES: Readonly<Record<string, string>> = {
  x86_64: 'amd64',
  aarch64: 'arm64',
  armv7l: 'arm',
  armv6l: 'arm',
  i386: '386',
  i686: '386',
};

const platform = (os: string | undefined, architecture: string | undefined): Platform | undefined =>
  os && architecture && os !== 'unknown' && architecture !== 'unknown'
    ? `${os}/${ARCHITECTURES[architecture] ?? architecture}`
    : undefined;

/** @returns undefined where the node does not say */
export const platformOfNode = (said: SwarmNode['Description']['Platform']): Platform | undefined =>
  platform(said?.OS, said?.Architecture);

/** Without what is no program: an attestation is `unknown/unknown`. */
export const platformsOfImage = (said: NonNullable<Distribution['Platforms']>): Platform[] => [
  ...new Set(said.flatMap(({ os, architecture }) => platform(os, architecture) ?? [])),
];
