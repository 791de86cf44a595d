/**
 * A line that a gate prints under `./proctor deploy`, as JSON: Terraform passes on text alone, and nobody has to guess what it
 * says. Otherwise it is the text.
 */
export interface GateLine {
  /** `progress` replaces the gate's last one, `report` stays. */
  readonly gate: 'progress' | 'report';
  readonly text: string;
}
