import { buildSync } from 'esbuild';
import { eventually } from '../../../lab/ground/shell';

/** What dockerode could do and this project never asks of it, as in `build/bundle.mjs`. */
const UNUSED = ['ssh2', 'cpu-features', '@grpc/grpc-js', '@grpc/proto-loader'];

/** Makes one file of a program that a test runs as a process of its own; it imports from the project's folder. */
export function buildDriver(outfile: string, contents: string): void {
  buildSync({
    bundle: true,
    platform: 'node',
    outfile,
    alias: Object.fromEntries(UNUSED.map((name) => [name, './operations/docker/no-ssh2.ts'])),
    stdin: { contents, resolveDir: process.cwd(), loader: 'ts' },
  });
}

/**
 * Waits until it is so.
 *
 * @param shown what the program said by then, for the error
 */
export async function until(
  there: () => boolean,
  seconds: number,
  shown: () => string = () => '',
): Promise<void> {
  if (await eventually(seconds, there)) return;
  throw new Error(`not within ${seconds} s: ${there}\n${shown()}`);
}
