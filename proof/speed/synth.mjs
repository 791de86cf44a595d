#!/usr/bin/env node
// How long the platform's synth takes: against ts-node through cdktf synth, and by the number of services.
// Ratios of runs that took turns on the same machine; the times themselves are this machine's, with all that it did besides.
import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle } from '../../build/bundle.mjs';
import { bundleText } from './bundle-text.mjs';
import { median, run, spread, table } from './measure.mjs';
import { copyForTsNode, copyProject, editCatalogue, expectInStack } from './projects.mjs';

const GOAL = 10;
const PAIRS = 7;
/** Milliseconds; no pair is begun that would probably end later. */
const BUDGET = { pairs: 130_000, scaling: 60_000 };
const APPLICATIONS = [10, 100, 1000];

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
process.chdir(root);
const temporary = mkdtempSync(join(tmpdir(), 'bench-synth-'));
const env = {
  ...process.env,
  VPS_HOST: 'vps.example.com',
  VPS_USER: 'deploy',
  IMAGE_LOCK: join(temporary, 'images.lock.json'),
  // cdktf would otherwise wait for a server of its maker's, and colour what it says.
  CHECKPOINT_DISABLE: '1',
  FORCE_COLOR: '0',
};
// Under CI a local state is refused, whose place nobody reads here.
for (const name of ['CI', 'PLATFORM_ENVIRONMENT', 'CDKTF_OUTDIR', 'IMAGE_REGISTRY', 'IMAGE_TAG'])
  delete env[name];

try {
  await writeFixtureLock();
  const fast = await compare();
  await scale();
  process.exitCode = fast ? 0 : 1;
} finally {
  rmSync(temporary, { recursive: true, force: true });
}

/** Digests that are made up, for every image of the catalogue: a synth of production wants them. */
async function writeFixtureLock() {
  const program = await bundleText(
    root,
    join(temporary, 'fixture.cjs'),
    `import { catalogueImages } from './operations/images/catalogue-images';
     import { platform } from './services.config';
     process.stdout.write(JSON.stringify([...catalogueImages(platform).keys()]));`,
  );
  const { stdout } = await run(process.execPath, [program], { cwd: root, env, timeout: 30_000 });
  const digest = (image) => `sha256:${createHash('sha256').update(image).digest('hex')}`;
  const lock = Object.fromEntries(JSON.parse(stdout).map((image) => [image, digest(image)]));
  writeFileSync(env.IMAGE_LOCK, JSON.stringify(lock));
}

async function compare() {
  const ours = { folder: join(temporary, 'ours'), command: ['build/synth.mjs'], times: [] };
  const cdktf = JSON.parse(readFileSync(join(root, 'node_modules/cdktf-cli/package.json'), 'utf8')).bin.cdktf;
  const theirs = {
    folder: join(temporary, 'ts-node'),
    command: [join(root, 'node_modules/cdktf-cli', cdktf), 'synth'],
    times: [],
  };
  copyProject(root, ours.folder);
  await copyForTsNode(root, theirs.folder);

  let round = 0;
  const once = async ({ folder, command, times }) => {
    const edit = editCatalogue(folder, round);
    const { milliseconds } = await run(process.execPath, command, { cwd: folder, env, timeout: 90_000 });
    expectInStack(folder, edit);
    times.push(milliseconds);
  };
  const start = performance.now();
  await once(ours);
  // main.ts wants the bundled scripts to be there, whoever runs it.
  cpSync(join(ours.folder, 'dist'), join(theirs.folder, 'dist'), { recursive: true });
  await once(theirs);
  const [[first]] = [ours.times.splice(0), theirs.times.splice(0)];
  let pair = 0;
  for (round = 1; round <= PAIRS; round++) {
    const begun = performance.now();
    if (round > 2 && begun - start + pair > BUDGET.pairs) break;
    await once(ours);
    await once(theirs);
    pair = performance.now() - begun;
  }

  const ratios = theirs.times.map((time, index) => time / ours.times[index]);
  table(
    `Synth of this platform as a process, types checked, the catalogue edited before each; ${ratios.length} pairs`,
    [
      ['', 'ms: median (min–max)'],
      ['node build/synth.mjs', spread(ours.times)],
      ['  the first, nothing bundled yet', first.toFixed(0)],
      ['cdktf synth, ts-node main.ts', spread(theirs.times)],
      ['ratio of each pair', `${spread(ratios, 1)} ×`],
    ],
  );
  await phases(ours.folder);
  const fast = median(ratios) >= GOAL;
  console.log(`\n  goal: at least ${GOAL} times faster: ${fast ? 'met' : 'MISSED'}`);
  return fast;
}

/** The parts of a synth, each alone; in a synth the first runs beside the others. */
async function phases(folder) {
  const code = (text) => ['--input-type=module', '-e', text];
  const bundling = `await (await import('./build/bundle.mjs')).bundle(process.cwd(), process.cwd() + '/dist')`;
  const typescript = `import path from './node_modules/typescript/lib/getExePath.js'; console.log(path())`;
  const { stdout } = await run(process.execPath, code(typescript), { cwd: folder, env, timeout: 30_000 });
  const parts = [
    ['node, and nothing else', process.execPath, ['-e', '0']],
    ['types', stdout.trim(), ['--noEmit', '--singleThreaded', '-p', 'tsconfig.synth.json']],
    ['bundling', process.execPath, code(bundling)],
    ['running main.ts', process.execPath, ['dist/main.js']],
  ];
  const rows = [];
  for (const [name, command, args] of parts) {
    const times = [];
    for (let index = 0; index < 5; index++) {
      times.push(
        (await run(command, args, { cwd: folder, env: { ...env, GOGC: 'off' }, timeout: 30_000 }))
          .milliseconds,
      );
    }
    rows.push([name, spread(times)]);
  }
  table('Where it goes, each part as a process of its own', [['', 'ms: median (min–max)'], ...rows]);
}

async function scale() {
  await bundle(root, join(root, 'dist'));
  const outfile = join(temporary, 'large-platform.cjs');
  const program = await bundleText(root, outfile, `import './proof/speed/large-platform.mjs';`);
  const results = new Map(APPLICATIONS.map((count) => [count, []]));
  const start = performance.now();
  for (let index = 0; index < 3; index++) {
    if (index > 0 && ((performance.now() - start) * (index + 1)) / index > BUDGET.scaling) break;
    for (const count of APPLICATIONS) {
      const { stdout } = await run(process.execPath, [program, String(count)], {
        cwd: root,
        env,
        timeout: 60_000,
      });
      results.get(count).push(JSON.parse(stdout));
    }
  }
  const of = (count, key) => results.get(count).map((result) => result[key]);
  const rows = APPLICATIONS.map((count) => [
    count,
    spread(of(count, 'milliseconds')),
    (median(of(count, 'milliseconds')) / count).toFixed(2),
    (median(of(count, 'bytes')) / count / 1024).toFixed(1),
    (median(of(count, 'peak')) / 1024 ** 2).toFixed(0),
  ]);
  table('Synth by the number of applications, in a process that is already loaded', [
    ['applications', 'ms: median (min–max)', 'ms each', 'KiB each', 'peak RSS MiB'],
    ...rows,
  ]);
  const slope = (from, to) =>
    (median(of(to, 'milliseconds')) - median(of(from, 'milliseconds'))) / (to - from);
  const [few, some, many] = APPLICATIONS;
  console.log(
    `\n  one more application: ${slope(few, some).toFixed(2)} ms up to ${some}, ${slope(some, many).toFixed(2)} ms up to ${many}`,
  );
}
