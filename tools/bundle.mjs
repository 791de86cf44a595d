import { join } from 'node:path';
import { build } from 'esbuild';

/** The scripts that run beside Terraform: one self-contained file each, so that the synthesized folder needs no node_modules. */
const SCRIPTS = {
  rollout: 'operations/rollout/main.ts',
  provision: 'operations/provision/main.ts',
  'check-certificate': 'operations/check-certificate.ts',
};

export const COMMON = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  logLevel: 'warning',
  // What dockerode could do and this project never asks of it: speak ssh by itself (the system's own does), and BuildKit.
  alias: Object.fromEntries(
    ['ssh2', 'cpu-features', '@grpc/grpc-js', '@grpc/proto-loader'].map((name) => [
      name,
      './operations/docker/no-ssh2.ts',
    ]),
  ),
};

/** Bundles the app and its scripts into `folder`. Always from the sources: a stale bundle would deploy an old catalogue. */
export async function bundle(root, folder) {
  await Promise.all([
    build({
      ...COMMON,
      absWorkingDir: root,
      entryPoints: { main: 'main.ts' },
      outdir: folder,
      // Half of the time that cdktf takes to load is a library for zip assets, which this platform has none of.
      alias: { ...COMMON.alias, archiver: './tools/no-archiver.cjs' },
    }),
    build({
      ...COMMON,
      absWorkingDir: root,
      entryPoints: absolute(root, SCRIPTS),
      outdir: folder,
      minify: true,
    }),
  ]);
}

const absolute = (root, entries) =>
  Object.fromEntries(Object.entries(entries).map(([name, path]) => [name, join(root, path)]));
