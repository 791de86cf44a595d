/** What a step does for a service with data. Comes as JSON in the environment variable PLACE; holds no secret. */
export interface PlaceSettings {
  /** `ssh://user@host:port` or `unix:///path`. */
  readonly host: string;
  /** As in the provider's `ssh_opts`. @default - none */
  readonly sshOptions?: readonly string[];
  /** As in Swarm. */
  readonly service: string;
  /** As in the catalogue, for what people type. */
  readonly id: string;
  /** Volumes that are its own, as in Docker. */
  readonly volumes: readonly string[];
  readonly constraints: readonly string[];
  /** The node label that says where they are; `pinned` makes it a constraint. */
  readonly label: string;
  /** `before` the service changes: it may start where its data is. `after`: remembers that there is data, and where. */
  readonly phase: 'before' | 'after';
}

/** In a volume of a service with data: says which data it is, whatever brought it there. No secret; no program reads it. */
export const DATA_ID_FILE = '.proctorwise-data';
