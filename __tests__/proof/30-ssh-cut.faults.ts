import { readdirSync } from 'node:fs';
import { startSshd, stopSshd } from '../../lab/cluster/sshd';
import { parentOf, processesOf } from '../../lab/ground/processes';
import { readSettings } from '../../lab/ground/settings';
import { sleep, succeeds } from '../../lab/ground/shell';
import { oneImage } from '../../proof/platform/patch';
import { runningLab } from '../e2e/support/lab';
import { enter } from './support/book';
import { expectOutcome, verdict } from './support/deploys';
import { deployedPlatform, describeApply } from './support/faults';
import { belongings, expectNothingLost, expectWayBack } from './support/keeps';
import { underLoad } from './support/load';
import { tagsOf, updating } from './support/swarm';

const CUT_SECONDS = 20;

describeApply(`ssh cut for ${CUT_SECONDS} s while the gate watches`, () => {
  const platform = deployedPlatform();

  test.each([
    ['refused', cut],
    ['silent', freeze],
  ])('%s: the gate comes back and has its verdict, no client notices', async (how, away) => {
    const before = await belongings();
    const [said, counted] = await underLoad(async () => {
      const deploy = platform.command.start({ one: oneImage('userservice', 'v2') });
      await updating('userservice');
      await deploy.says(/proctorwise_userservice \d\/2/);
      await away();
      return deploy.ended;
    });
    expectOutcome(said, 'converged');
    // Silence of 20 s is for ssh to bear: it asks after 15 s and gives up after 45.
    if (how === 'refused')
      expect(said.output).toMatch(
        /proctorwise_userservice .*(cannot be reached|does not run|nothing listens)/,
      );
    expect(await tagsOf('userservice')).toBe('v2, v2');
    const back = await expectWayBack(platform.command, ['userservice']);
    enter(runningLab().paths, {
      fault: `ssh cut for ${CUT_SECONDS} s, ${how}`,
      verdict: `${verdict(said)}, ${back}`,
      counted,
    });
    await expectNothingLost(before, counted);
    expect(counted.failed).toBe(0);
  });
});

/** The server and its sessions are gone; connections are refused. */
async function cut(): Promise<void> {
  const { paths } = runningLab();
  await stopSshd(paths);
  await sleep(CUT_SECONDS);
  await startSshd(paths, readSettings(paths)!);
}

/** Nothing comes back, and nothing says so: as when a firewall drops the packets. */
async function freeze(): Promise<void> {
  const { paths } = runningLab();
  const pids = withDescendants(processesOf(paths, 'sshd'));
  const tell = (signal: NodeJS.Signals) => {
    for (const pid of pids) {
      try {
        process.kill(pid, signal);
      } catch {
        // A session that ended meanwhile.
      }
    }
  };
  tell('SIGSTOP');
  try {
    const began = Date.now();
    // A connection of its own: one that is shared stays behind, and would hold on to this one's output.
    const own = ['-F', paths.sshConfig, '-o', 'ControlPath=none', '-o', 'ControlMaster=no', 'lab', 'true'];
    expect(await succeeds('ssh', own, { timeoutSeconds: CUT_SECONDS / 2 })).toBe(false);
    await sleep(CUT_SECONDS - (Date.now() - began) / 1000);
  } finally {
    tell('SIGCONT');
  }
}

/** sshd's sessions write their title over the environment, and with it the mark of the lab. */
function withDescendants(roots: readonly number[]): Set<number> {
  const found = new Set(roots);
  const parents = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => [Number(name), parentOf(Number(name))] as const);
  for (let before = 0; before < found.size; ) {
    before = found.size;
    for (const [pid, parent] of parents) if (found.has(parent)) found.add(pid);
  }
  return found;
}
