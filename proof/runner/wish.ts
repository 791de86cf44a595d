import { LabError } from '../../lab/ground/error';
import { UsageError } from '../../operations/terminal/usage-error';
import type { Scenario } from './scenario';

/** What a benchmark under load is asked for. */
export interface Wish {
  /** Names of scenarios. */
  readonly chosen: readonly string[];
  readonly rate: number;
  readonly minutes: number;
  readonly patient: boolean;
}

/** As it was written. */
export interface WrittenWish {
  /** Separated by commas. */
  readonly only: string | undefined;
  readonly rate: string | undefined;
  readonly minutes: string | undefined;
  readonly patient: boolean;
}

export interface Offer {
  readonly scenarios: readonly Pick<Scenario, 'name'>[];
  /** What runs only when it is named. @default nothing */
  readonly onRequest?: readonly Pick<Scenario, 'name'>[];
  /** The usual `--rate`. */
  readonly rate: number;
}

/** @throws {UsageError} for what it does not know @throws LabError for a number that makes no sense */
export function readWish(written: WrittenWish, { rate, scenarios, onRequest = [] }: Offer): Wish {
  const names = (list: Offer['scenarios']) => list.map(({ name }) => name);
  const only = written.only?.split(',') ?? names(scenarios);
  const all = names([...scenarios, ...onRequest]);
  const strange = only.find((name) => !all.includes(name));
  if (strange !== undefined) {
    const asked = onRequest.length > 0 ? `\nonly with --only: ${names(onRequest).join(', ')}` : '';
    throw new UsageError(
      `there is no scenario ${strange}\nscenarios: ${names(scenarios).join(', ')}${asked}`,
    );
  }
  return {
    chosen: all.filter((name) => only.includes(name)),
    rate: readRate(written.rate, rate),
    minutes: readNumber('--minutes', written.minutes, 60, 240, 'give up to 240'),
    patient: written.patient,
  };
}

/** How many requests, as a factor of the mix. */
export const readRate = (text: string | undefined, usual: number): number =>
  readNumber('--rate', text, usual, 2, 'give a factor up to 2');

/** @throws LabError for a number that makes no sense */
export function readNumber(
  name: string,
  text: string | undefined,
  usual: number,
  most: number,
  remedy: string,
): number {
  const value = text === undefined ? usual : Number(text);
  if (!(value > 0 && value <= most)) throw new LabError(`${name} ${text}`, remedy);
  return value;
}
