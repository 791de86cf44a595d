import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { copyProject } from '../../../../../support/programs/project-copy';

/** Commands that other tests try; here they note how they were called, and end as a test says. */
const STAND_INS = ['plan', 'deploy', 'state:doctor', 'status'];

/** What a stand-in was called with. */
export interface Call {
  readonly script: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** What the ssh agent had. */
  readonly keys: string;
  /** What the agent itself can be asked for by every process of this user. */
  readonly agentEnv: string;
}

/** The project as a job has checked it out, with stand-ins for the commands that are another test's. */
export class Project {
  readonly folder = mkdtempSync(join(tmpdir(), 'job-'));
  private readonly calls = join(this.folder, 'calls.jsonl');

  /** @param more commands that are stood in for, too */
  constructor(...more: string[]) {
    copyProject(this.folder);
    writeFileSync(join(this.folder, 'images.lock.json'), '{}\n');
    const manifest = JSON.parse(readFileSync(join(this.folder, 'package.json'), 'utf8'));
    for (const name of [...STAND_INS, ...more]) manifest.scripts[name] = `node stand-in.cjs ${name}`;
    // The workflows call these past npm.
    for (const name of ['deploy', 'state:doctor']) {
      writeFileSync(join(this.folder, 'cli', 'run', `${name.replace(':', '-')}.ts`), standInVerb(name));
    }
    writeFileSync(join(this.folder, 'package.json'), JSON.stringify(manifest, null, 2));
    mkdirSync(join(this.folder, 'ends'));
    writeFileSync(join(this.folder, 'stand-in.cjs'), STAND_IN);
    for (const name of [...STAND_INS, ...more]) this.ends(name, 0);
    this.plans({ code: 2, markdown: '## Plan of swarm\n\nuserservice image a1b2→c3d4 · rolling\n' });
  }

  /** How a stand-in ends, and what it prints. */
  ends(script: string, code: number, stdout = '', more: object = {}): void {
    writeFileSync(
      join(this.folder, 'ends', `${script.replace(':', '-')}.json`),
      JSON.stringify({ code, stdout, ...more }),
    );
  }

  plans({ code, markdown, json = {} }: { code: number; markdown: string; json?: object }): void {
    this.ends('plan', code, JSON.stringify(json), { markdown });
  }

  get called(): Call[] {
    try {
      const text = readFileSync(this.calls, 'utf8');
      return text
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as Call);
    } catch {
      return [];
    }
  }

  call(script: string): Call | undefined {
    return this.called.find((one) => one.script === script);
  }

  path(...names: string[]): string {
    return join(this.folder, ...names);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

const standInVerb = (script: string) => `export const run = () => {
  process.argv.splice(2, ${script.split(':').length}, '${script}');
  require(process.cwd() + '/stand-in.cjs');
  return process.exitCode ?? 0;
};
`;

const STAND_IN = `const { spawnSync } = require('node:child_process');
const { appendFileSync, existsSync, readFileSync, writeFileSync } = require('node:fs');
const [script, ...args] = process.argv.slice(2);
const keys = spawnSync('ssh-add', ['-l'], { encoding: 'utf8' }).stdout;
const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('npm_')));
const agent = '/proc/' + process.env.SSH_AGENT_PID + '/environ';
const agentEnv = existsSync(agent) ? readFileSync(agent, 'utf8') : '';
const note = (what) => appendFileSync('calls.jsonl', JSON.stringify({ args: [], env: {}, keys: '', ...what }) + '\\n');
const end = JSON.parse(readFileSync('ends/' + script.replace(':', '-') + '.json', 'utf8'));
if (end.waits) {
  process.on('SIGINT', () => {
    note({ script: 'SIGINT' });
    process.exit(130);
  });
  setTimeout(() => {}, 30_000);
}
note({ script, args, env, keys, agentEnv });
if (end.markdown !== undefined) writeFileSync(args[args.indexOf('--markdown') + 1], end.markdown);
process.stdout.write(end.stdout);
if (!end.waits) process.exitCode = end.code;
`;
