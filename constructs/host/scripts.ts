import { readAsset } from '../assets/read-asset';

/** Files of `constructs/assets/host/` that every step needs. */
const COMMON = ['lib.sh', 'docker-start.sh', 'run.sh'];

export interface StepScript {
  /** The step's file without `.sh`. */
  readonly step: string;
  /** Its environment variables, as its first lines name them; undefined ones are left to the file's defaults. */
  readonly settings: Readonly<Record<string, string | number | undefined>>;
  /** More files that it reads, by name. @default none */
  readonly files?: Readonly<Record<string, string>>;
}

/**
 * The step as one script: root puts the very files that can be run by hand into a folder that goes with it, and runs
 * them; with sudo where the user is not root. With `HOST_CHECK=1` it changes nothing and ends with 3 where something differs.
 */
export function stepScript({ step, settings, files = {} }: StepScript): string {
  const all: Readonly<Record<string, string>> = {
    ...Object.fromEntries([...COMMON, `${step}.sh`].map((name) => [name, readAsset(`host/${name}`)])),
    ...files,
    settings: Object.entries(settings)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => `export ${name}=${quoted(String(value))}\n`)
      .join(''),
  };
  const asRoot = [
    'set -eu',
    'umask 077',
    // Others may write in /tmp, only root in /run.
    'folder=$(mktemp -d "${HOST_ROOT:-}/run/swarm-host.XXXXXX")',
    `trap 'rm -rf "$folder"' EXIT`,
    ...Object.entries(all).map(([name, text]) => written(name, text)),
    `sh "$folder/run.sh" ${step} < /dev/null`,
  ];
  return [
    'set -eu',
    'as_root=',
    `if [ "$(id -u)" != 0 ]; then`,
    `  as_root='sudo -n'`,
    '  sudo -n true || {',
    `    echo "failed ${step}: $(id -un) may not use sudo without a password" >&2`,
    `    echo "  let it, for example with a line '$(id -un) ALL=(ALL) NOPASSWD: ALL' by visudo, or deploy as root" >&2`,
    '    exit 1',
    '  }',
    'fi',
    // sudo passes none of the environment on, and only root's own shell has seen the files that root runs.
    `$as_root env HOST_CHECK="\${HOST_CHECK:-}" HOST_SSH_CONNECTION="\${SSH_CONNECTION:-}" sh -s << '${END_OF_SCRIPT}'`,
    ...asRoot,
    END_OF_SCRIPT,
    '',
  ].join('\n');
}

const END = 'END_OF_FILE';
const END_OF_SCRIPT = 'END_OF_SCRIPT';

function written(name: string, text: string): string {
  for (const end of [END, END_OF_SCRIPT]) {
    if (text.split('\n').includes(end)) throw new Error(`${name} has a line ${end}`);
  }
  return `cat > "$folder/${name}" << '${END}'\n${text}${text === '' || text.endsWith('\n') ? '' : '\n'}${END}`;
}

/** As one word of a shell. */
export const quoted = (value: string): string => `'${value.replaceAll("'", `'\\''`)}'`;
