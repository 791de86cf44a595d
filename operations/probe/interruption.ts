/** An interruption that was acknowledged before the deploy. */
export interface Interruption {
  /** Whose it is; it ends at the latest with this service's gate. */
  readonly service: string;
  /** It can begin as soon as one of these changes: the service, and whose port it takes. */
  readonly begins: readonly string[];
  /** For how long requests may fail. */
  readonly seconds: number;
}

/** A request that failed, or took too long. Milliseconds of one clock. */
export interface Complaint {
  readonly began: number;
  readonly ended: number;
  /** There was an answer in the end. */
  readonly answered: boolean;
}

/** "About" in numbers: half as long again, and a moment for what a plan cannot know. */
const HALF_AS_LONG = 1.5;
const A_MOMENT = 2;

/** What a plan's "about 10 s (a start may take up to 2 min)" covers. */
export const coveredSeconds = (aboutSeconds: number, slowStartSeconds = 0): number =>
  Math.ceil(HALF_AS_LONG * aboutSeconds + A_MOMENT + slowStartSeconds);

interface Window extends Interruption {
  opened?: number;
  closed?: number;
  /** Of the first failure: an outage begins when it is felt, a while after Terraform has told Swarm of the change. */
  felt?: number;
}

/**
 * What was acknowledged, while it lasts. A failure is covered by one interruption: from the first on, for as long as was
 * said. What fails after that, before any change, or after the gate, is covered by none.
 */
export class Interruptions {
  private readonly windows: Window[];

  constructor(acknowledged: readonly Interruption[]) {
    this.windows = acknowledged.map((one) => ({ ...one }));
  }

  /** A service begins to change. */
  begin(service: string, now: number): void {
    for (const window of this.windows) if (window.begins.includes(service)) window.opened ??= now;
  }

  /** Its gate has passed. */
  end(service: string, now: number): void {
    for (const window of this.windows) if (window.service === service) window.closed ??= now;
  }

  cover(complaint: Complaint): boolean {
    const open = this.windows.filter((window) => overlaps(window, complaint));
    // A writer that waits for MariaDB gets its answer late, and no later than was said.
    const waited = complaint.ended - complaint.began;
    if (complaint.answered) return open.some(({ seconds }) => waited <= seconds * 1000);
    if (open.some(({ felt, seconds }) => felt !== undefined && complaint.began <= felt + seconds * 1000))
      return true;
    const next = open.find(({ felt }) => felt === undefined);
    if (!next) return false;
    next.felt = Math.max(complaint.began, next.opened!);
    return true;
  }
}

/** A request that was under way when the change began may fail of it, too. */
const overlaps = ({ opened, closed }: Window, { began, ended }: Complaint): boolean =>
  opened !== undefined && ended >= opened && (closed === undefined || began <= closed);
