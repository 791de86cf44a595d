import type { Shell } from '../../contract/shell';

/** What completion offers for a word. */
export type Completes = 'environment' | 'service' | 'secret' | 'file';

export interface Option {
  /** In one line, or with a line break where the help has one. */
  readonly text: string;
  /** What stands for the value in the help, such as `<name>`; without one the option is a switch. */
  readonly value?: string;
  /** May be given several times. */
  readonly many?: true;
  readonly completes?: Completes;
}

export interface Positional {
  readonly name: string;
  readonly text: string;
  readonly many?: true;
  readonly optional?: true;
  readonly choices?: readonly string[];
  readonly completes?: Completes;
}

/** `catalogue`: services.config.ts; `stack`: what it is synthesized into, with its secrets; `server`: that answers. */
export type Need = 'nothing' | 'catalogue' | 'stack' | 'server';

/** One command. `cli/run/` has the program of the same name, which is loaded only when it is run. */
export interface Verb {
  /** One word, or two: `state doctor`. */
  readonly name: string;
  /** In the overview, in one line with the name. */
  readonly summary: string;
  /** In its help, in sentences. */
  readonly details: string;
  readonly options: Readonly<Record<string, Option>>;
  readonly positionals: readonly Positional[];
  readonly examples: readonly string[];
  readonly needs: Need;
  /** Of this project's own tests and figures: it works and explains itself, and no list names it. */
  readonly hidden?: true;
  /** Not in the package, which has only what serves another project. */
  readonly cloneOnly?: true;
}

export const defineVerb = <const V extends Verb>(verb: V): V => verb;

type AnyValue = boolean | string | readonly string[] | undefined;
type Value<O extends Option> = Option extends O
  ? AnyValue
  : O extends { readonly value: string }
    ? O extends { readonly many: true }
      ? readonly string[]
      : string | undefined
    : boolean;

/** What was typed. */
export interface Call<V extends Verb = Verb> {
  readonly values: { readonly [Name in keyof V['options']]: Value<V['options'][Name]> };
  readonly words: readonly string[];
  readonly shell: Shell;
  readonly projectFolder: string;
}

/** What a file of `cli/run/` exports as `run`. Resolves to the exit code. */
export type Run<V extends Verb> = (call: Call<V>) => number | Promise<number>;

/** The file of a verb in `cli/run/`. */
export const programOf = (name: string): string => name.replaceAll(' ', '-');
