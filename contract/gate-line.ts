/**
 * A line that a gate prints under the front door, as JSON: Terraform passes on text alone, and nobody has to guess what it
 * says. Without the front door it is the text.
 */
export interface GateLine {
  /** `progress` replaces the gate's last one, `report` stays. */
  readonly gate: 'progress' | 'report';
  readonly text: string;
}
