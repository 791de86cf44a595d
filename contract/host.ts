/** What the stack of a server says about itself; `"//".host` in the synthesized stack, which Terraform ignores. */
export interface HostSettings {
  /** `ssh://user@host:port`. */
  readonly server: string;
  readonly sshOptions: readonly string[];
  /** Ids of its steps, in the order in which they are done; `null_resource.<id>` in Terraform. */
  readonly steps: readonly string[];
}

/**
 * One line that a step's script prints, `<kind> <step>: <text>`: what is so, what is not as it should be, what mending it
 * restarts, what is worth knowing, what stops it.
 */
export interface StepLine {
  readonly kind: 'ok' | 'differs' | 'restarts' | 'changes' | 'note' | 'failed';
  readonly step: string;
  readonly text: string;
  /** What to do, of a failure: its next line, indented by two. */
  readonly fix?: string;
}
