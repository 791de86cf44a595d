import { LabError } from '../../lab/ground/error';
import { readArguments, UsageError } from '../../operations/terminal/command-line';
import type { Scenario } from './scenario';

/** What a benchmark under load is asked for. */
export interface Wish {
  /** Names of scenarios. */
  readonly chosen: readonly string[];
  readonly rate: number;
  readonly minutes: number;
  readonly patient: boolean;
}

export interface Offer {
  /** As in package.json. */
  readonly command: string;
  readonly scenarios: readonly Pick<Scenario, 'name'>[];
  /** What runs only when it is named. @default nothing */
  readonly onRequest?: readonly Pick<Scenario, 'name'>[];
  /** The usual `--rate`. */
  readonly rate: number;
}

/** @throws {UsageError} for what it does not know @throws LabError for a number that makes no sense */
export function readWish(args: readonly string[], { command, rate, scenarios, onRequest = [] }: Offer): Wish {
  const names = (list: Offer['scenarios']) => list.map(({ name }) => name);
  const usage = `usage: npm run ${command} [-- [--only scenario,…] [--rate factor] [--minutes most] [--patient]]
--patient: health checks for a machine that is busy with other things
scenarios: ${names(scenarios).join(', ')}${
    onRequest.length > 0 ? `\nonly with --only: ${names(onRequest).join(', ')}` : ''
  }`;
  const { values } = readArguments(
    args,
    {
      only: { type: 'string' },
      rate: { type: 'string' },
      minutes: { type: 'string' },
      patient: { type: 'boolean' },
    },
    usage,
  );
  const only = values.only?.split(',') ?? names(scenarios);
  const all = names([...scenarios, ...onRequest]);
  const strange = only.find((name) => !all.includes(name));
  if (strange !== undefined) throw new UsageError(`there is no scenario ${strange}\n${usage}`);
  return {
    chosen: all.filter((name) => only.includes(name)),
    rate: readRate(values.rate, rate),
    minutes: readNumber('--minutes', values.minutes, 60, 240, 'give up to 240'),
    patient: values.patient ?? false,
  };
}

/** How many requests, as a factor of the mix. */
export const readRate = (text: string | undefined, usual: number): number =>
  readNumber('--rate', text, usual, 2, 'give a factor up to 2');

function readNumber(
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
