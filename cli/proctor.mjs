import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { findVerb, suggest, VERBS } from './verbs.mjs';

const EXIT_USAGE = 64;

const width = Math.max(...VERBS.map(({ verb }) => verb.length));
export const HELP = `usage: ./proctor <verb> [options]

${VERBS.map(({ verb, summary }) => `  ${verb.padEnd(width)}  ${summary}`).join('\n')}

  ./proctor <verb> --help   its options, and its exit codes
  ./proctor completion bash, zsh or fish
                            prints what completes verbs in that shell
`;

/** @param {string} root the project's folder @param {readonly string[]} words the command line @returns {Promise<number>} */
export async function proctor(root, words) {
  const [first, ...others] = words;
  if (first === undefined || first === '--help' || first === '-h') return say(HELP);
  if (first === 'help') return others.length === 0 ? say(HELP) : help(root, others);
  if (first === 'completion') return complete(others);
  const found = findVerb(words);
  if (!found) return unknown(words);
  const { verb, rest } = found;
  if (rest.includes('--help') && verb.help) return say(usageOf(verb));
  return run(root, verb.program, rest);
}

/** @param {import('./verbs.mjs').Verb} verb */
const usageOf = ({ verb, summary, help, examples }) =>
  `usage: ./proctor ${verb} [options]
${summary}
${help}
${examples.map((example) => `  ./proctor ${example}`).join('\n')}
`;

/** @param {string} root @param {readonly string[]} words */
function help(root, words) {
  const found = findVerb(words);
  return found ? proctor(root, [...found.verb.verb.split(' '), '--help']) : unknown(words);
}

/** @param {readonly string[]} words */
function unknown(words) {
  const meant = suggest(words);
  const hint = meant.length > 0 ? `did you mean: ${meant.slice(0, 3).join(', ')}` : 'see: ./proctor --help';
  process.stderr.write(`error: there is no verb ${words.slice(0, 2).join(' ')}\n  ${hint}\n`);
  return EXIT_USAGE;
}

/** Runs in the project's folder, whatever folder the terminal is in. @param {string} root @param {string} program @param {readonly string[]} rest */
function run(root, program, rest) {
  const args = program.endsWith('.ts') ? [join(root, 'build', 'run.mjs'), program] : [join(root, program)];
  const child = spawn(process.execPath, [...args, ...rest], { cwd: root, stdio: 'inherit' });
  // A terminal sends it to the program, too. Where there is none, as in a CI job, nobody else does.
  process.on('SIGINT', () => {
    if (!process.stdin.isTTY) child.kill('SIGINT');
  });
  for (const name of ['SIGTERM', 'SIGHUP']) process.on(name, () => child.kill(name));
  return new Promise((resolve) => {
    child.on('exit', (status, signal) => resolve(status ?? (signal === 'SIGINT' ? 130 : 143)));
  });
}

/** @param {string} text */
function say(text) {
  process.stdout.write(text);
  return 0;
}

/** @param {readonly string[]} words */
function complete([shell]) {
  const verbs = VERBS.map(({ verb }) => verb);
  const firsts = [...new Set(verbs.map((verb) => verb.split(' ')[0]))].join(' ');
  const groups = [...new Set(verbs.filter((verb) => verb.includes(' ')).map((verb) => verb.split(' ')[0]))];
  const seconds = (group) =>
    verbs
      .filter((verb) => verb.startsWith(`${group} `))
      .map((verb) => verb.split(' ')[1])
      .join(' ');
  const scripts = {
    bash: `_proctor() {
  local words="help completion ${firsts}"
  if [ "$COMP_CWORD" -eq 2 ]; then
    case "\${COMP_WORDS[1]}" in
${groups.map((group) => `      ${group}) words="${seconds(group)}" ;;`).join('\n')}
      *) words="--help" ;;
    esac
  elif [ "$COMP_CWORD" -gt 2 ]; then
    words="--help"
  fi
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}")
}
complete -F _proctor proctor ./proctor
`,
    zsh: `autoload -U +X bashcompinit && bashcompinit
_proctor() {
  if [ "$COMP_CWORD" -eq 1 ]; then COMPREPLY=($(compgen -W "help completion ${firsts}" -- "\${COMP_WORDS[1]}"))
  else case "\${COMP_WORDS[1]}" in
${groups.map((group) => `    ${group}) COMPREPLY=($(compgen -W "${seconds(group)}" -- "\${COMP_WORDS[2]}")) ;;`).join('\n')}
  esac; fi
}
complete -F _proctor proctor ./proctor
`,
    fish: `complete -c proctor -f -n __fish_use_subcommand -a "help completion ${firsts}"
${groups.map((group) => `complete -c proctor -f -n "__fish_seen_subcommand_from ${group}" -a "${seconds(group)}"`).join('\n')}
`,
  };
  if (shell in scripts) return say(scripts[shell]);
  process.stderr.write(
    `error: there is no completion for ${shell ?? 'no shell'}\n  name one of: bash, zsh, fish\n`,
  );
  return EXIT_USAGE;
}
