import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { accessSync, constants, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isUnchanged, remember } from './unchanged.mjs';

/**
 * TypeScript's compiler on the whole program, unless the last check went well and nothing that it read has changed since.
 *
 * @param root the project's folder, of which a clone has a configuration of its own for this
 * @param out for which output folder, since two may be written at the same time
 * @param typescript the compiler's package
 * @returns its errors, or nothing
 */
export async function checkTypes({ root, out, typescript, isClone }) {
  const what = whatToCheck(root, isClone);
  const remembered = whereToRemember({ root, out, isClone });
  if (!remembered) return (await compile(typescript, root, what)).errors;
  const { info, stamp } = remembered;
  const how = howItIsDone(root, typescript, what);
  if (how !== undefined && isUnchanged(stamp, how)) return '';
  rmSync(stamp, { force: true });
  const began = Date.now();
  const { errors, isWritten } = await compile(typescript, root, [
    ...['--incremental', '--tsBuildInfoFile', info],
    ...what,
  ]);
  if (!errors && isWritten && how !== undefined) remember(stamp, how, { info, root, began });
  return errors;
}

async function compile(typescript, root, what) {
  const [program, ...options] = await compiler(typescript);
  const child = spawn(program, [...options, '--noEmit', '--pretty', 'false', ...what], {
    cwd: root,
    // Its collector takes a quarter of its time for memory that ends with it, some 90 MB; a larger heap is collected.
    env: { ...process.env, GOGC: 'off', GOMEMLIMIT: '1GiB' },
  });
  let output = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  child.stderr.on('data', (chunk) => (output += chunk));
  return new Promise((done) => {
    child.on('error', (error) => done({ errors: String(error), isWritten: false }));
    child.on('close', (code) => {
      // What it could not remember it finds out again the next time.
      const isWritten = !output.includes('error TS5033:');
      const errors = output.split('\n').filter((line) => line.trim() && !line.startsWith('error TS5033:'));
      const isGood = code === 0 || (output && errors.length === 0);
      done({ errors: isGood ? '' : errors.join('\n') || `tsc ended with ${code}`, isWritten });
    });
  });
}

/** The native compiler itself where there is one: a Node.js that only starts it costs as much as half the check. */
async function compiler(typescript) {
  try {
    const { default: nativePath } = await import(pathToFileURL(join(typescript, 'lib', 'getExePath.js')));
    // Its threads check what they share once each, which pays only with cores to spare beside the bundling.
    return [nativePath(), ...(availableParallelism() > 2 ? [] : ['--singleThreaded'])];
  } catch {
    return [process.execPath, join(typescript, 'bin', 'tsc')];
  }
}

/** Where the compiler writes what it found out, beside what it read then; undefined where nothing can be written. */
function whereToRemember({ root, out, isClone }) {
  const folder = isClone ? join(root, 'dist') : join(root, 'node_modules', '.cache', 'proctorwise-swarm');
  const name = createHash('sha256').update(`${out} ${process.version}`).digest('hex').slice(0, 10);
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK);
    return {
      info: join(folder, `types-${name}.tsbuildinfo`),
      stamp: join(folder, `types-${name}.unchanged.json`),
    };
  } catch {
    return undefined;
  }
}

/** A project that has no tsconfig.json gets what catalogues are written for. */
function whatToCheck(root, isClone) {
  if (isClone) return ['-p', 'tsconfig.synth.json'];
  if (existsSync(join(root, 'tsconfig.json'))) return ['-p', 'tsconfig.json'];
  const sources = ['services.config.ts', 'main.ts'].filter((name) => existsSync(join(root, name)));
  return ['--strict', '--skipLibCheck', '--target', 'es2022', '--module', 'node16', ...sources];
}

/** All that is no file of the program, and makes another check of it; undefined where that cannot be told. */
function howItIsDone(root, typescript, what) {
  try {
    const { version } = JSON.parse(readFileSync(join(typescript, 'package.json'), 'utf8'));
    const settings = what[0] === '-p' ? settingsOf(join(root, what[1])) : [];
    return createHash('sha256')
      .update(JSON.stringify([version, what, settings]))
      .digest('hex');
  } catch {
    return undefined;
  }
}

/** The text of a configuration, and of those that it extends. @throws where one cannot be found */
function settingsOf(path) {
  const text = readFileSync(path, 'utf8');
  const [, extended = ''] = /"extends"\s*:\s*("[^"]*"|\[[^\]]*\])/.exec(text) ?? [];
  const names = [...extended.matchAll(/"([^"]*)"/g)].map(([, name]) => name);
  return [text, ...names.flatMap((name) => settingsOf(pathOf(name, path)))];
}

/** As the compiler finds it: a path, or something in a package. */
function pathOf(name, from) {
  const { resolve: find } = createRequire(from);
  const ways = [name, `${name}.json`, `${name}/tsconfig.json`];
  for (const way of ways) {
    try {
      const found = isAbsolute(name) || name.startsWith('.') ? resolve(dirname(from), way) : find(way);
      if (found.endsWith('.json') && existsSync(found)) return found;
    } catch {}
  }
  throw new Error(`${from} extends ${name}, which is nowhere`);
}
