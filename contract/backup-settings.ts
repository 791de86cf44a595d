/** What the catalogue says of backups; `"//".deploy.backup` in the synthesized stack. Absent where there are none. */
export interface BackupSettings {
  /** The service that makes them, by its full name in Swarm. */
  readonly service: string;
  /** Whose data is in them, by the service's id. */
  readonly covers: Readonly<Record<string, BackedUp>>;
  /** Where they go, in words: `s3.example.com/acme-backups/production`. */
  readonly to: string;
  /** As in cron, UTC. */
  readonly schedule: string;
  /** The same of drills. @default none by itself */
  readonly drill?: string;
  /** How often a log is copied between two of them. @default there is none */
  readonly rpoSeconds?: number;
  /** How young one has to be, and drilled, for a plan that risks data. */
  readonly maxAgeSeconds: number;
  /** What of the catalogue's `probe` an application answers, by its id: a drill that starts it asks that. @default nothing */
  readonly asks?: Readonly<Record<string, readonly string[]>>;
}

/** What of a service is in the backups, as the backups call it. */
export interface BackedUp {
  readonly databases?: readonly string[];
  /** Without the platform's name. */
  readonly volumes?: readonly string[];
  /** Applications and jobs that write it, by their ids. */
  readonly writers: readonly string[];
}
