/** Something that a deploy does only when it was acknowledged by this name. */
export interface Need {
  readonly name: string;
  readonly why: string;
}
