/** Receives one line at a time. */
export type Print = (line: string) => void;

const LONG = 10_000;

/** Runs one step, says how long it took and, while it takes long, that it is still under way. */
export async function runStep<T>(print: Print, name: string, work: (note: Print) => Promise<T>): Promise<T> {
  const start = Date.now();
  const seconds = () => `${((Date.now() - start) / 1000).toFixed(1)} s`;
  let last = '';
  const note = (line: string) => {
    last = line;
    print(`  ${name}: ${line}`);
  };
  const beat = setInterval(
    () => print(`  ${name}: ${last ? `${last}, ` : ''}still at it after ${seconds()}`),
    LONG,
  );
  try {
    const result = await work(note);
    print(`✓ ${name} (${seconds()})`);
    return result;
  } finally {
    clearInterval(beat);
  }
}
