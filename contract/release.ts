/**
 * What the inputs of gates and steps in a recorded stack are made for: raised when one of today's could not do what an older
 * stack asks of it.
 */
export const GATES = 1;

/**
 * Scripts of this project beside a stack, without `.js`. A release does not record them: whoever goes back to it has them, of
 * its own version.
 */
export const OWN_SCRIPTS = ['rollout', 'provision', 'check-certificate', 'place', 'job'] as const;

/** One deploy that changed something, as a Swarm config keeps it. Fields are only ever added. */
export interface Release {
  readonly number: number;
  /** When it ended, ISO 8601, by the clock of the machine that deployed. */
  readonly at: string;
  /** `anna@laptop`; in GitHub Actions the actor, and the run. */
  readonly who: string;
  /** Null where the project is in no git. */
  readonly commit: string | null;
  /** Nothing was changed in the working tree; null where that is not known. */
  readonly clean: boolean | null;
  /** As Terraform knows the stack. */
  readonly stack: string;
  readonly environment: string;
  /** The release that this one went back to. */
  readonly of?: number;
  /** As `./proctor deploy --json` says it. */
  readonly outcome: string;
  readonly exitCode: number;
  readonly seconds: number;
  readonly services: readonly ReleasedService[];
  /** The plan in words, line by line. */
  readonly plan: readonly string[];
  /** What was let through: downtime, or a risk for data. */
  readonly acknowledged: readonly { readonly name: string; readonly why: string }[];
  /** By service, with the digest; of a release that converged, what runs since. */
  readonly images: Readonly<Record<string, string>>;
  /** Secrets and configs that services have since, by their names in Swarm. No value is anywhere. */
  readonly objects: readonly string[];
  /** See `GATES`. */
  readonly gates: number;
  /** `RecordedParts` as JSON, gzip, base64. */
  readonly packed: string;
  /** Why the stack is not in it, so that nothing can go back to it. */
  readonly leftOut?: string;
}

/** What became of one service. */
export interface ReleasedService {
  readonly service: string;
  readonly change: string;
  readonly outcome: string;
  /** Until its gate had a verdict. */
  readonly seconds?: number;
  /** The same without the time for which the gate only watched. */
  readonly rollSeconds?: number;
}

/** The large part of a release. */
export interface RecordedParts {
  /** What Terraform was told, without the place of the state and the way to the server; absent where it is left out. */
  readonly stack?: unknown;
  /** Files beside it, but for this project's own scripts: path → base64. */
  readonly files?: Readonly<Record<string, string>>;
  /** Every service's specification as it was at the end, in Docker's words, by name. */
  readonly specs: Readonly<Record<string, unknown>>;
}
