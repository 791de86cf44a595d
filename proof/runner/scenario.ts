import type { Watch } from '../load/under-load';
import type { Bench } from '../platform/bench';
import type { Cut } from '../platform/cut';
import type { Change } from '../platform/patch';

/** Something that is done to the platform while clients ask. */
export interface Scenario {
  /** For `--only`. */
  readonly name: string;
  readonly title: string;
  /** Made ready on the lab before anything is deployed. @default nothing */
  readonly prepare?: (bench: Bench) => Promise<void>;
  /** Deployed first, without load: the platform as it is written with this change. @default what runs */
  readonly before?: Pick<Step, 'change' | 'values'>;
  /** Deployed under load, one after the other. */
  readonly steps: readonly Step[];
  /**
   * `none`: no request fails. `gets`: no GET fails, lost POSTs are counted. `measured`: whatever fails is printed.
   * `must`: a control, in which requests must fail, else the measurement is blind.
   */
  readonly failing: 'none' | 'gets' | 'measured' | 'must';
  /** Load goes on for so many seconds after the last deploy. @default 3 */
  readonly after?: number;
  /** What else is looked at. @default nothing */
  readonly watches?: readonly ScenarioWatch[];
}

/** One deploy. */
export interface Step {
  /** What it changes of the platform. @default nothing */
  readonly change?: Change;
  /** Secrets that it changes. @default none */
  readonly values?: (known: Known) => Values;
  /** It is cut off there, however it then ends. @default it ends by itself */
  readonly cut?: Cut;
  /** How it must end. @default 'well' */
  readonly apply?: 'well' | 'badly';
}

/** Values of secrets by name; an empty one is none. */
export type Values = Readonly<Record<string, string>>;

/** What a step's values may be made from. */
export interface Known {
  /** Before the scenario's first step. */
  readonly first: Values;
  /** Of the step before. */
  readonly now: Values;
}

/** Where a scenario runs. */
export interface Place {
  readonly bench: Bench;
  /** Addresses that the load's clients have, and some that nobody else does. */
  readonly clients: readonly string[];
  readonly apart: readonly string[];
}

/** Made again for each run of a scenario, once what comes before is deployed. */
export type ScenarioWatch = (place: Place) => Watch<Report>;

/** What a watch has to say. */
export interface Report {
  /** What is not as it should be, one line each. */
  readonly wrong: readonly string[];
  /** For a person who looks for the cause. @default none */
  readonly details?: readonly string[];
  /** In the table, by the head of the column. @default none */
  readonly cells?: Readonly<Record<string, string>>;
  /** Lines of a table of its own. @default none */
  readonly rows?: readonly (readonly string[])[];
}
