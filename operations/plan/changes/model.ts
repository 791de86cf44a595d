import type { Need } from '../../policy/need';
import type { Pace } from '../../records/pace';
import type { Action } from '../../terraform/document';

/** What a plan does to one service. */
export interface ServiceChange {
  /** As in the catalogue. */
  readonly service: string;
  readonly action: Action;
  /** In words: `web:v1 → web:v2, 2 → 3 replicas, args LOG_LEVEL`. */
  readonly what: string;
  readonly image?: { readonly from: string; readonly to: string };
  /** How it happens: `rolling, start-first`, `network changed`, `no task restarts`. */
  readonly how: string;
  /** Why the apply would fail. */
  readonly refused?: string;
  /** Its tasks are replaced or stopped. */
  readonly restarts: boolean;
  /** Tasks are added beside those that stay: the gate watches them, too. */
  readonly adds?: true;
  /** There is a time in which no task of it serves. */
  readonly downtime: boolean;
  /** How long that is; 0 without, and for a service that does not come back. See `estimate.ts`. */
  readonly downtimeSeconds: number;
  /** It has no health check, so that tasks get requests before they are ready. */
  readonly unready?: true;
  /** Until its last task is replaced. */
  readonly seconds: number;
  /** How long its last rolls took, where the server has a record of some. */
  readonly pace?: Pace;
  /** The health check allows each start this much. */
  readonly slowStartSeconds?: number;
  /** Who waits meanwhile: `writers`. Absent where it is the public. */
  readonly whoWaits?: string;
  /** What differs from the last deploy without a deploy: `scaled by hand to 3, returns to 2`. */
  readonly drift: readonly string[];
  /** What becomes of the volumes it mounts, wherever that is a question. */
  readonly volumes: readonly string[];
  /** Absent where no published port changes hands. The one that takes has the downtime. */
  readonly portMoves?: readonly PortMove[];
  /** It turns a binary log on, which takes disk. */
  readonly binaryLog?: BinaryLog;
  /** What may not be undone. */
  readonly risks: readonly string[];
  readonly notes: readonly string[];
}

/** What a service keeps of all that is written, for restores to a moment between two backups. */
export interface BinaryLog {
  /** What was written so long ago is removed from it. @default nothing is */
  readonly keepsSeconds?: number;
}

/** Published ports that one service gives up and another takes; told at both. */
export interface PortMove {
  /** `443/tcp`. */
  readonly ports: readonly string[];
  readonly from: string;
  readonly to: string;
}

/** What a plan does to something that is no service. */
export interface ObjectChange {
  readonly kind: 'network' | 'volume' | 'secret' | 'config' | 'certificate' | 'key' | 'other';
  /** As in the catalogue. */
  readonly name: string;
  readonly action: Action;
  readonly what: string;
  /** It may cost data or cut everything off. */
  readonly risk: boolean;
}

export interface Certificate {
  readonly name: string;
  /** ISO date. */
  readonly until: string;
  readonly days: number;
  readonly what: string;
}

/** A plan in the words of Swarm; what `--json` prints. Fields are only ever added. */
export interface ReadablePlan {
  readonly services: readonly ServiceChange[];
  readonly objects: readonly ObjectChange[];
  /** Everything else, counted: `docker_secret: 1 created, 1 destroyed`. */
  readonly others: readonly string[];
  /** Gates and steps that will run. */
  readonly steps: number;
  /** What steps will do: files that run inside backends, databases that are made, updates that go on. */
  readonly provisioning: readonly string[];
  readonly certificates: readonly Certificate[];
  /** Rules that services break on purpose, with the reasons. */
  readonly acknowledgedRules: readonly string[];
  readonly needs: readonly Need[];
  /** What no acknowledgement lets through. */
  readonly refusals: readonly string[];
  readonly totals: {
    readonly rolled: number;
    /** Rolled as well, with downtime. */
    readonly restarted: number;
    readonly inPlace: number;
    readonly created: number;
    readonly replaced: number;
    readonly removed: number;
    /** All waves one after the other, and each gate's observation. */
    readonly seconds: number;
  };
}
