/** One change of the platform, as a person would make it. */
export interface Patch {
  /** Statements on `platform`, the catalogue's object, with `constructs` beside it. */
  readonly catalogue?: string;
  /** What Swarm gets in place of the text that a construct wrote. */
  readonly config?: ConfigPatch;
}

/** A change of a config's content: what a catalogue cannot say, on the construct itself. */
export interface ConfigPatch {
  /** The construct's id, such as `nginx_conf`. */
  readonly id: string;
  /** A regular expression, as text; each match becomes `to`, and none is an error. */
  readonly from: string;
  readonly to: string;
}

/** Named patches, applied in their order. */
export type Variant = Readonly<Record<string, Patch>>;

/** Patches by name: `null` takes one away. */
export type Change = Readonly<Record<string, Patch | null>>;

/** Applies a change to named patches. */
export function changed(variant: Variant, change: Change): Variant {
  const next: Record<string, Patch> = { ...variant };
  for (const [name, patch] of Object.entries(change)) {
    if (patch) next[name] = patch;
    else delete next[name];
  }
  return next;
}

/** A statement on each `service` of the catalogue. */
export const eachService = (statement: string): Patch => ({
  catalogue: `for (const service of Object.values<any>(platform.services)) { ${statement} }`,
});

/** A tag for all applications. */
export const allImages = (tag: string): Patch =>
  eachService(`service.image = service.image.replace(/:[^:/]*$/, ':${tag}');`);

export const oneImage = (service: string, tag: string): Patch => ({
  catalogue: `platform.services.${service}.image = platform.services.${service}.image.replace(/:[^:/]*$/, ':${tag}');`,
});

export const setting = (service: string, name: string, value: string): Patch => ({
  catalogue: `platform.services.${service}.settings = { ...platform.services.${service}.settings, ${name}: '${value}' };`,
});
