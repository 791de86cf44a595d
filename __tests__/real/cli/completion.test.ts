import { execFileSync, spawnSync } from 'node:child_process';
import { platform } from '../../../services.config';
import { ProjectCopy } from '../../support/programs/project-copy';

jest.setTimeout(120_000);

const project = new ProjectCopy();
afterAll(() => project.remove());

/** How each shell is asked what Tab offers at the end of a line, after its script was read as it says itself. */
const SHELLS: Readonly<Record<string, (words: readonly string[]) => string>> = {
  bash: (words) => `source <(./proctor completion bash)
COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')})
COMP_CWORD=$((\${#COMP_WORDS[@]} - 1))
$(complete -p proctor | sed 's/.*-F \\([^ ]*\\) .*/\\1/')
printf '%s\\n' "\${COMPREPLY[@]}"`,
  // The real compadd works only while someone is at a keyboard.
  zsh: (words) => `source <(./proctor completion zsh)
compadd() { print -l -- \${(P)2} }
_files() { print files }
words=(${words.map((word) => `'${word}'`).join(' ')})
CURRENT=\${#words}
$_comps[proctor]`,
  fish: (words) => `./proctor completion fish | source
complete -C '${words.join(' ')}'`,
};

/** Without them it is not proved that their script works. */
const there = (shell: string) => spawnSync(shell, ['-c', 'exit 0'], { stdio: 'ignore' }).status === 0;

for (const [shell, script] of Object.entries(SHELLS)) {
  (there(shell) ? describe : describe.skip)(`Tab in ${shell}`, () => {
    const offered = (...words: string[]): string[] => {
      const said = execFileSync(shell, ['-c', script(['./proctor', ...words])], {
        cwd: project.folder,
        encoding: 'utf8',
        env: { PATH: process.env.PATH, HOME: project.folder },
      });
      return said.split('\n').filter(Boolean);
    };

    test('knows verbs and options', () => {
      expect(offered('depl')).toEqual(['deploy']);
      expect(offered('state', '')).toEqual(['doctor', 'recover']);
      expect(offered('deploy', '--ye')).toEqual(['--yes']);
      expect(offered('completion', '')).toEqual(['bash', 'fish', 'zsh']);
    });

    test('knows environments, secrets and services of the catalogue', () => {
      expect(offered('deploy', '--environment', '')).toEqual(Object.keys(platform.environments).sort());
      expect(offered('secrets', '--generate', '')).toEqual(Object.keys(platform.secrets).sort());
      expect(offered('rollback', '--yes', 'users')).toEqual(['userservice']);
    });

    test('is silent over a catalogue that cannot be read', () => {
      const written = project.read('services.config.ts');
      project.write('services.config.ts', 'this is no catalogue');
      try {
        expect(offered('deploy', '--environment', 'stag').join('')).toMatch(/^(files)?$/);
        expect(offered('depl')).toEqual(['deploy']);
      } finally {
        project.write('services.config.ts', written);
      }
    });
  });
}
