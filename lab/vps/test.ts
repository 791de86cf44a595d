import { LabError } from '../error';
import { labStop } from '../infrastructure';
import { type Print, step } from '../progress';
import { stopMachine } from './machine';
import { PARTS } from './parts';
import { becomesWhole } from './platform';
import { type Machine, startVps } from './start';

/** Rows of the machine's databases and what Docker pulled are on its disk: a part can be run alone afterwards. */
const WHOLE_SECONDS = 600;

/** `npm run test:vps [-- part …]`: what is promised about a server, on a virtual one. All parts begin with a bare one. */
async function main(): Promise<void> {
  const wanted = process.argv.slice(2);
  const unknown = wanted.filter((name) => !(name in PARTS));
  if (unknown.length > 0) {
    throw new LabError(`there is no part ${unknown.join(', ')}`, `parts: ${Object.keys(PARTS).join(', ')}`);
  }
  const names = wanted.length > 0 ? wanted : Object.keys(PARTS);
  let machine: Machine | undefined;
  try {
    const fresh = names.includes('bare');
    machine = await startVps({ fresh });
    console.log(`the server answers over ssh ${machine.bootSeconds.toFixed(0)} s after its start`);
    if (!fresh && !names.includes('bootstrap')) await becomesWhole(machine.paths, WHOLE_SECONDS);
    for (const name of names) {
      const { claim, run } = PARTS[name]!;
      const saw: Print = (line) => console.log(`    ${line.replaceAll('\n', '\n    ')}`);
      console.log(`\n${name}: ${claim}`);
      await step(console.log, name, () => run(machine!, saw));
    }
    console.log(`\n${names.length} parts held`);
  } finally {
    if (machine) {
      const { lab, paths } = machine;
      await step(console.log, 'off', () => stopMachine(lab.paths, paths));
    }
    await labStop();
  }
}

main().catch((error: unknown) => {
  console.error(`error: ${error instanceof LabError ? error.message : (error as Error).stack}`);
  process.exitCode = 1;
});
