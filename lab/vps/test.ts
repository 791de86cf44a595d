import { labStop } from '../cluster/infrastructure';
import { LabError } from '../ground/error';
import { labPaths } from '../ground/paths';
import { type Print, runStep } from '../ground/progress';
import { stopMachine } from './machine';
import { machinePaths } from './machine-paths';
import { PARTS } from './parts';
import { becomesWhole } from './platform';
import { startVps } from './start';

/** What is promised about a server, on a virtual one. All parts begin with a bare one. */
export async function runVpsTest(wanted: readonly string[]): Promise<void> {
  const unknown = wanted.filter((name) => !(name in PARTS));
  if (unknown.length > 0) {
    throw new LabError(`there is no part ${unknown.join(', ')}`, `parts: ${Object.keys(PARTS).join(', ')}`);
  }
  turnOffWhenInterrupted();
  const names = wanted.length > 0 ? wanted : Object.keys(PARTS);
  try {
    const fresh = names.includes('bare');
    const machine = await startVps({ fresh });
    console.log(`the server answers over ssh ${machine.bootSeconds.toFixed(0)} s after its start`);
    if (!fresh && !names.includes('bootstrap')) await becomesWhole(machine.paths);
    for (const name of names) {
      const { claim, run } = PARTS[name]!;
      const saw: Print = (line) => console.log(`    ${line.replaceAll('\n', '\n    ')}`);
      console.log(`\n${name}: ${claim}`);
      await runStep(console.log, name, () => run(machine, saw));
    }
    console.log(`\n${names.length} parts held`);
  } finally {
    await off();
  }
}

/** Nothing runs any more; the disk stays. */
async function off(): Promise<void> {
  const paths = labPaths();
  await runStep(console.log, 'off', () => stopMachine(paths, machinePaths(paths)));
  await labStop();
}

function turnOffWhenInterrupted(): void {
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.once(name, () => {
      console.log(`\n${name}: turning off`);
      off()
        .catch((error: Error) => console.log(`${error.message}\n  what still runs: ./proctor lab vps --stop`))
        .finally(() => process.exit(130));
    });
  }
}
