import { spawnSync } from 'node:child_process';
import { LAUNCH } from '../../../support/programs/launcher';
import { posixShells } from '../../../support/programs/posix-shells';

/** As a container starts it: the first process of a PID namespace, to which the kernel gives every orphan. */
const CONTAINER = ['unshare', '--pid', '--fork', '--kill-child', '--mount-proc'] as const;
const [unshare, ...cell] = CONTAINER;
const mayUnshare = spawnSync(unshare, [...cell, 'true'], { stdio: 'ignore' }).status === 0;
if (!mayUnshare) console.warn('launch.sh is NOT tested as PID 1: this user may not make a PID namespace');

/** Leaves twenty processes to PID 1, waits until they have ended, and counts those that nobody has asked for. */
const LEAVES_ORPHANS = `
ended=$(mktemp)
for each in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
  sh -c '(sleep 0.2; echo >>"$0") & exec true' "$ended"
done
zombies() { cat /proc/[0-9]*/stat 2>/dev/null | grep -c ') Z '; }
until [ "$(wc -l <"$ended")" -eq 20 ]; do sleep 0.05; done
rm "$ended"
# It reaps when it gets to run, which on a busy machine is not at once.
for try in 1 2 3 4 5 6 7 8 9 10; do [ "$(zombies)" -eq 0 ] && break; sleep 0.1; done
echo "zombies=$(zombies)"`;

const contained = (...command: string[]) => spawnSync(unshare, [...cell, ...command], { encoding: 'utf8' });

(mayUnshare ? describe : describe.skip)('orphans of a container', () => {
  test('stay as zombies where PID 1 asks for its own children alone, as an application does', () => {
    const application = `require('node:child_process').spawn('sh', ['-c', process.argv[1]], { stdio: 'inherit' })`;
    expect(contained(process.execPath, '-e', application, LEAVES_ORPHANS).stdout).toBe('zombies=20\n');
  });

  describe.each(posixShells().found)('with launch.sh in $name', ({ argv }) => {
    test('end for good, and the status stays the command’s', () => {
      const { stdout, status } = contained(...argv, LAUNCH, '--', 'sh', '-c', `${LEAVES_ORPHANS}; exit 7`);
      expect([stdout, status]).toEqual(['zombies=0\n', 7]);
    });

    test('end for good during the drain, and shorten nothing', () => {
      const drained = `trap 'echo stopped; exit 8' TERM; kill -s TERM 1; ${LEAVES_ORPHANS}; sleep 60 & wait $!`;
      const { stdout, status } = contained(...argv, LAUNCH, '--drain=4', '--', 'sh', '-c', drained);
      expect([stdout, status]).toEqual(['zombies=0\nstopped\n', 8]);
    });
  });
});
