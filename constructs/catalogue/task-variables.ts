import type { Grant } from './spec/backend';

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
/** launch.sh exports no other file of a secret. */
const NAME_OF_SECRET = /^[A-Z_][A-Z0-9_]*$/;
/** What the launcher's shell keeps for itself, as launch.sh has it. */
const KEPT = /^(launch_.*|IFS|OPTIND|OPTARG|PPID|PS[124]|LINENO|UID|EUID|SHELLOPTS|BASHOPTS)$/;

/** An environment variable of a task that the launcher starts. */
export interface TaskVariable {
  readonly name: string;
  /** @default not known at synth */
  readonly value?: string;
  /** It comes from the secret's file of this name. @default it is an argument of the launcher */
  readonly ofSecret?: true;
  /** The program reads that file by itself, and needs no variable. @default false */
  readonly asFile?: boolean;
}

interface Words {
  readonly settings?: Readonly<Record<string, string>> | undefined;
  readonly secrets?: Readonly<Record<string, unknown>> | undefined;
  readonly variables?: Readonly<Record<string, unknown>> | undefined;
  readonly urls?: Readonly<Record<string, unknown>> | undefined;
  readonly environment?: Readonly<Record<string, string>> | undefined;
  readonly command?: readonly string[] | undefined;
  readonly migrate?: { readonly command: readonly string[] } | undefined;
}

/** All that an application or a job sets, by itself and through its backends. */
export function variablesOf(words: Words, grants: readonly Grant[] = []): TaskVariable[] {
  const { settings = {}, secrets = {}, variables = {}, urls = {} } = words;
  return [
    ...Object.entries(settings).map(([name, value]) => ({ name, value })),
    ...Object.keys(secrets).map((name) => ({ name, ofSecret: true as const, asFile: isFile(name, words) })),
    ...Object.keys(variables).map((name) => ({ name })),
    ...Object.keys(urls).map((name) => ({ name })),
    ...grants.flatMap(({ settings: plain = [], urls: secret = [] }) => [
      ...plain,
      ...secret.map(({ name, template: value }) => ({ name, value })),
    ]),
  ];
}

/** `tls.key` is the name of a file in any case; of others a setting, or an argument, has to say that it is read. */
function isFile(name: string, { settings, environment, command = [], migrate }: Words): boolean {
  const texts = [...Object.values({ ...environment, ...settings }), ...command, ...(migrate?.command ?? [])];
  const file = `/run/secrets/${name}`;
  const names = (text: string) =>
    text
      .split(file)
      .slice(1)
      .some((rest) => !/^[\w.-]*\w/.test(rest));
  return name.includes('.') || texts.some(names);
}

/** What the launcher would refuse when a task starts, or leave out without a word; each error goes behind who sets it. */
export function variableErrors(variables: readonly TaskVariable[]): string[] {
  return variables.flatMap(({ name, value = '', ofSecret, asFile }) => {
    if (ofSecret && !NAME_OF_SECRET.test(name)) return asFile ? [] : [lowerCase(name)];
    if (!NAME.test(name)) {
      return [
        `sets ${JSON.stringify(name)}, which cannot be the name of a variable\n  use letters, digits and _, and no digit first`,
      ];
    }
    if (KEPT.test(name)) {
      return [`sets ${name}, which the launcher's shell keeps for itself\n  give it another name`];
    }
    return /[\n\0]/.test(value)
      ? [`sets ${name} to a value with a line break\n  make it a secret, which may have several lines`]
      : [];
  });
}

function lowerCase(name: string): string {
  const better = name.toUpperCase().replace(/\W|^(?=\d)/g, '_');
  return `gets a secret as ${JSON.stringify(name)}, and the launcher sets a variable from one in upper case alone\n  write ${better}; its file is /run/secrets/${better} then. Where the program reads the file alone, name it in a setting: /run/secrets/${name}`;
}

export const doubles = (names: readonly string[]): Set<string> =>
  new Set(names.filter((name, index) => names.indexOf(name) !== index));
