import { build } from 'esbuild';
import { COMMON } from '../../build/bundle.mjs';

/** Makes one program of these lines of TypeScript, which import from the project's root. @returns `outfile` */
export async function bundleText(root, outfile, contents) {
  await build({
    ...COMMON,
    absWorkingDir: root,
    stdin: { contents, resolveDir: root, loader: 'ts' },
    outfile,
    alias: { ...COMMON.alias, archiver: './build/no-archiver.cjs' },
  });
  return outfile;
}
