import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { type Lab, labStatus } from '../../../lab/cluster/infrastructure';
import { dockerOverSsh } from '../../../lab/deploy/docker';
import { type LabTarget, NAMESPACE, targetOf } from '../../../lab/deploy/target';
import { docker } from '../../../lab/engine/docker';

const ROOT = resolve(__dirname, '../../..');

export interface Run {
  readonly status: number | null;
  readonly output: string;
  readonly seconds: number;
}

/** Tests on the lab; skipped, with a loud word from the set-up, where there can be none. */
export const describeLab: jest.Describe = process.env.E2E_SKIPPED ? describe.skip : describe;

/** Tests of what only Terraform does; skipped, with a loud word from the set-up, where its providers cannot be had. */
export const testTerraform: jest.It = process.env.E2E_NO_TERRAFORM ? test.skip : test;

/** `./proctor lab up`, or another verb, with all that it printed. */
export function runProgram(
  verb: string,
  args: readonly string[] = [],
  variables: Readonly<Record<string, string>> = {},
  folder = ROOT,
): Promise<Run> {
  return program({ verb, args, variables, folder });
}

/**
 * The same, killed with all that it started in its process group, as by a closed terminal or a power cut, when its output
 * matches.
 */
export const killProgram = (
  verb: string,
  when: RegExp,
  args: readonly string[] = [],
  variables: Readonly<Record<string, string>> = {},
  folder = ROOT,
): Promise<Run> => program({ verb, args, variables, folder, killWhen: when });

interface Program {
  readonly verb: string;
  readonly args: readonly string[];
  readonly variables: Readonly<Record<string, string>>;
  readonly folder: string;
  readonly killWhen?: RegExp;
}

function program({ verb, args, variables, folder, killWhen }: Program): Promise<Run> {
  const start = Date.now();
  return new Promise((done) => {
    const child = spawn(process.execPath, ['proctor', ...verb.split(' '), ...args], {
      cwd: folder,
      env: { ...process.env, ...variables },
      stdio: ['ignore', 'pipe', 'pipe'],
      // A process group of its own, which can be killed as one.
      detached: killWhen !== undefined,
    });
    let isEnded = false;
    child.on('exit', () => {
      isEnded = true;
    });
    // Once, and not what has ended: its number may be another's.
    const kill = () => {
      if (!isEnded) process.kill(-child.pid!, 'SIGKILL');
      isEnded = true;
    };
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        output += chunk;
        if (killWhen?.test(output)) kill();
      });
    }
    // Not `close` for one that is killed: what it leaves running holds its output open.
    child.on(killWhen === undefined ? 'close' : 'exit', (status) =>
      done({ status, output, seconds: (Date.now() - start) / 1000 }),
    );
  });
}

export const npmRunLab = (args: readonly string[] = [], variables = {}, folder = ROOT): Promise<Run> =>
  runProgram('lab up', args, variables, folder);

/** Fails with all that was printed: what happened is in there. */
export function expectSuccess(run: Run): void {
  if (run.status !== 0) throw new Error(`status ${run.status}\n${run.output}`);
}

/** The lab that runs. */
export function runningLab(): Lab {
  const lab = labStatus();
  if (!lab) throw new Error('the lab does not run');
  return { ...lab, images: [] };
}

export const runningTarget = (): LabTarget => targetOf(runningLab());

/** The docker command as an operator types it, over ssh. */
export const operator = (...args: string[]): Promise<string> => dockerOverSsh(runningTarget(), args);

/** Containers of the platform: the same list means that no task was restarted. */
export async function tasks(): Promise<string[]> {
  const filter = ['--filter', `label=com.docker.stack.namespace=${NAMESPACE}`];
  return (await docker(runningLab().paths, ['ps', '--quiet', '--no-trunc', ...filter]))
    .trim()
    .split('\n')
    .sort();
}

/** Names and ids of the services: the same list means that none was replaced. */
export async function serviceIds(): Promise<string[]> {
  const filter = ['--filter', `label=com.docker.stack.namespace=${NAMESPACE}`];
  const format = ['--format', '{{.Name}} {{.ID}}'];
  return (await docker(runningLab().paths, ['service', 'ls', ...filter, ...format]))
    .trim()
    .split('\n')
    .sort();
}
