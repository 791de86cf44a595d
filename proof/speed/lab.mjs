#!/usr/bin/env node
// What the lab costs: the first run with everything to download, a second one, memory, image sizes, and the first run where
// the images' contents are there already. Needs root and 8 GiB of disk; makes labs of its own in a temporary folder and removes
// them.
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { availableParallelism, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { table } from './measure.mjs';

const GOALS = { first: 240, second: 10, cached: 150, gibibytes: 6 };

process.chdir(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));
const temporary = mkdtempSync(join(tmpdir(), 'lab-bench-'));
const folder = join(temporary, 'lab');
const env = {
  ...process.env,
  LAB_DIR: folder,
  LAB_SSH_PORT: String(await freePort()),
  LAB_REGISTRY_PORT: String(await freePort()),
};

try {
  const first = await lab('first run');
  const second = await lab('second run');
  const gibibytes = memory() / 1024 ** 3;
  const sizes = images();
  renameSync(join(folder, 'cache'), join(temporary, 'cache'));
  await run('down');
  mkdirSync(folder, { recursive: true });
  renameSync(join(temporary, 'cache'), join(folder, 'cache'));
  const cached = await lab('first run without downloads');
  const verdict = (value, goal) => {
    if (value <= goal) return 'met';
    process.exitCode = 1;
    return 'MISSED';
  };
  const row = (name, value, goal) => [name, `${value.toFixed(1)} s`, `${goal} s`, verdict(value, goal)];
  table(`./proctor lab up on ${availableParallelism()} processors, Node.js ${process.versions.node}`, [
    ['', 'measured', 'goal', ''],
    row('first run, with all downloads', first.seconds, GOALS.first),
    row('first run, downloaded before', cached.seconds, GOALS.cached),
    row('second run', second.seconds, GOALS.second),
    ['memory', `${gibibytes.toFixed(2)} GiB`, `${GOALS.gibibytes} GiB`, verdict(gibibytes, GOALS.gibibytes)],
  ]);
  const runs = [first, cached, second];
  const names = [...new Set(runs.flatMap(({ steps }) => [...steps.keys()]))];
  const seconds = (run, name) => `${run.steps.get(name)?.toFixed(1) ?? '–'} s`;
  table('each step', [
    ['step', 'first run', 'downloaded before', 'second run'],
    ...names.map((name) => [name, ...runs.map((run) => seconds(run, name))]),
  ]);
  table('images', [['image', 'size'], ...sizes]);
} catch (error) {
  console.error(`error: ${error.message}`);
  process.exitCode = 1;
} finally {
  await run('down');
  rmSync(temporary, { recursive: true, force: true });
}

/** `./proctor lab up`, timed; its steps print how long they took. */
async function lab(name) {
  console.log(`${name} …`);
  const start = performance.now();
  const lines = await run('up');
  const seconds = (performance.now() - start) / 1000;
  const steps = lines.map((line) => /^✓ (.+) \(([\d.]+) s\)$/.exec(line)).filter(Boolean);
  return { seconds, steps: new Map(steps.map(([, step, time]) => [step, Number(time)])) };
}

function run(what) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['proctor', 'lab', what], {
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const lines = [];
    createInterface({ input: child.stdout }).on('line', (line) => {
      lines.push(line);
      if (line.startsWith('✓')) console.log(`  ${line}`);
    });
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(lines);
      else reject(new Error(`lab ${what} ended with ${code}\n${lines.slice(-20).join('\n')}`));
    });
  });
}

/** Bytes of the lab's processes and all that they started, containers too; what several share is counted once. */
function memory() {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const text = (pid, name) => {
    try {
      return readFileSync(`/proc/${pid}/${name}`, 'latin1');
    } catch {
      return '';
    }
  };
  const parent = new Map(pids.map((pid) => [pid, /\) \S (\d+)/.exec(text(pid, 'stat'))?.[1]]));
  const marked = new Set(pids.filter((pid) => text(pid, 'environ').includes(`PROCTORWISE_LAB=${folder}:`)));
  const isOfLab = (pid) => pid !== undefined && (marked.has(pid) || isOfLab(parent.get(pid)));
  const kibibytes = pids
    .filter(isOfLab)
    .map((pid) => Number(/^Pss:\s+(\d+) kB/m.exec(text(pid, 'smaps_rollup'))?.[1] ?? 0));
  return 1024 * kibibytes.reduce((sum, value) => sum + value, 0);
}

/** What runs or can run, one line per image: the applications' differ in nothing but their tag. */
function images() {
  const list = execFileSync('docker', ['images', '--format', '{{.Repository}}:{{.Tag}}\t{{.Size}}'], {
    env: {
      ...env,
      DOCKER_HOST: `unix://${join(folder, 'docker.sock')}`,
      DOCKER_CONFIG: join(folder, 'docker-config'),
    },
    encoding: 'utf8',
  });
  return list
    .split('\n')
    .filter((line) => /(\/nginx|\/mariadb|\/kafka|-userservice:v1)[:\w.]*-[0-9a-f]{12}\t/.test(line))
    .map((line) =>
      line
        .replace(/^[^/]*\//, '')
        .replace(/-[0-9a-f]{12}\t/, '\t')
        .split('\t'),
    )
    .sort();
}

function freePort() {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
