import { execFile, type SpawnOptions, spawn, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const ROOT = resolve(__dirname, '../../..');
const SOURCES = [
  'add-ons',
  'build',
  'cli',
  'constructs',
  'contract',
  'operations',
  'proctor',
  'main.ts',
  'services.config.ts',
  'images.lock.json',
];
const SETTINGS = ['package.json', 'cdktf.json', 'tsconfig.json', 'tsconfig.synth.json'];

/** All that a command of the project needs, in another folder; the packages are the same. */
export function copyProject(folder: string): void {
  for (const name of [...SOURCES, ...SETTINGS]) {
    cpSync(join(ROOT, name), join(folder, name), { recursive: true });
  }
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
}

export interface Run {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The project once more, to break and to synthesize. */
export class ProjectCopy {
  readonly folder = mkdtempSync(join(tmpdir(), 'project-'));

  constructor() {
    copyProject(this.folder);
  }

  path(...names: string[]): string {
    return join(this.folder, ...names);
  }

  read(name: string): string {
    return readFileSync(this.path(name), 'utf8');
  }

  write(name: string, content: string): void {
    mkdirSync(join(this.path(name), '..'), { recursive: true });
    writeFileSync(this.path(name), content);
  }

  /** Replaces `from`, which must be there, in the catalogue. */
  edit(from: string | RegExp, to: string): void {
    const text = this.read('services.config.ts');
    const changed = text.replace(from, to);
    if (changed === text) throw new Error(`services.config.ts has no ${from}`);
    this.write('services.config.ts', changed);
  }

  /** `node build/synth.mjs` in a shell that has these variables alone. */
  synth(variables: Record<string, string> = {}, nodeOptions: readonly string[] = []): Run {
    return spawnSync(process.execPath, [...nodeOptions, this.path('build/synth.mjs')], {
      ...this.options(variables),
      encoding: 'utf8',
    });
  }

  /** `./proctor <verb> [arguments]`, likewise. */
  run(verb: string, args: readonly string[] = [], variables: Record<string, string> = {}): Run {
    return spawnSync(process.execPath, [this.path('proctor'), ...verb.split(' '), ...args], {
      ...this.options(variables),
      encoding: 'utf8',
    });
  }

  /** The same beside what else this process does, such as to answer it. */
  runBeside(verb: string, args: readonly string[], variables: Record<string, string> = {}): Promise<Run> {
    return new Promise((resolve) => {
      const run = [this.path('proctor'), ...verb.split(' '), ...args];
      execFile(process.execPath, run, this.options(variables), (error, stdout, stderr) =>
        resolve({ status: error ? Number(error.code) : 0, stdout: String(stdout), stderr: String(stderr) }),
      );
    });
  }

  start(variables: Record<string, string> = {}) {
    return spawn(process.execPath, [this.path('build/synth.mjs')], {
      ...this.options(variables),
      stdio: 'ignore',
    });
  }

  /** Every file under a folder, with its text; empty when there is none. */
  files(name: string): Record<string, string> {
    if (!existsSync(this.path(name))) return {};
    return Object.fromEntries(
      readdirSync(this.path(name), { recursive: true, encoding: 'utf8' })
        .sort()
        .filter((file) => statSync(this.path(name, file)).isFile())
        .map((file) => [file, this.read(join(name, file))]),
    );
  }

  /** Output folders of any kind that lie in a folder of the copy. */
  outputs(name = '.'): string[] {
    return readdirSync(this.path(name)).filter((file) => file.startsWith('cdktf.out'));
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private options(variables: Record<string, string>): SpawnOptions {
    return { cwd: this.folder, env: { PATH: process.env.PATH, HOME: this.folder, ...variables } };
  }
}
