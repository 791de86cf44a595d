import { type ChildProcess, spawn } from 'node:child_process';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Lab } from '../../lab/cluster/infrastructure';
import { ENVIRONMENT, targetOf } from '../../lab/deploy/target';
import { markOf } from '../../lab/ground/processes';
import { eventually } from '../../lab/ground/shell';
import type { DeployResult } from '../../operations/deploy/result';
import { BASE } from './bench';
import type { Variant } from './patch';
import { Project } from './project';

/** How one `./proctor deploy` ended. */
export interface Ended {
  readonly status: number | null;
  /** Absent when it did not live to say so. */
  readonly result?: DeployResult;
  /** All that people would read. */
  readonly output: string;
  /** When it ended, in milliseconds since 1970. */
  readonly at: number;
  /** When each gate said its verdict, the same. */
  readonly verdicts: readonly number[];
}

/** The line of a gate at its end, as `operations/rollout/report.ts` writes it. */
export const VERDICT = /^\[\d+\/\d+\] \S+ (?:converged in|FAILED|UNKNOWN)/gm;

/** One `./proctor deploy` under way. */
export interface UnderWay {
  readonly child: ChildProcess;
  /** Waits until it has said so. @throws when it ends before, or after so many seconds */
  says(pattern: RegExp, seconds?: number): Promise<void>;
  readonly ended: Promise<Ended>;
}

/** `./proctor deploy` from a copy of the project whose catalogue can be changed, with the lab's own state. */
export class DeployCommand {
  private readonly project: Project;

  /** @param name of the copy, a folder in the lab's */
  constructor(
    private readonly lab: Lab,
    root: string,
    name: string,
  ) {
    this.project = new Project(root, join(lab.paths.dir, name));
    symlinkSync(lab.paths.dir, join(this.project.folder, '.lab'));
  }

  /** The platform with v1 of each application and these patches. */
  start(variant: Variant = {}, args: readonly string[] = []): UnderWay {
    this.project.become({ ...BASE, ...variant });
    return this.again(args);
  }

  /** The same once more. */
  again(args: readonly string[] = []): UnderWay {
    const command = ['proctor', 'deploy', '--environment', ENVIRONMENT];
    const child = spawn(process.execPath, [...command, '--yes', '--json', ...args], {
      cwd: this.project.folder,
      // Marked as the lab's, so that lab:stop and lab:down end what nobody waits for any more.
      env: { ...targetOf(this.lab).env, IMAGE_TAG: '', ...markOf(this.lab.paths, 'deploy') },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    let json = '';
    let over = false;
    const verdicts: number[] = [];
    child.stderr.on('data', (chunk: Buffer) => {
      output += chunk;
      const said = output.match(VERDICT)?.length ?? 0;
      while (verdicts.length < said) verdicts.push(Date.now());
    });
    child.stdout.on('data', (chunk: Buffer) => {
      json += chunk;
    });
    const ended = new Promise<Ended>((done) => {
      // Not `close`: a shared ssh connection that stays behind may hold the output open.
      child.on('exit', (status) => {
        const at = Date.now();
        setTimeout(() => {
          over = true;
          const result = json.startsWith('{') ? (JSON.parse(json) as DeployResult) : undefined;
          done({ status, output, at, verdicts, ...(result ? { result } : {}) });
        }, 200);
      });
    });
    const says = async (pattern: RegExp, seconds = 240) => {
      await eventually(seconds, () => pattern.test(output) || over);
      if (!pattern.test(output)) throw new Error(`it did not say ${pattern}, but:\n${output}`);
    };
    return { child, says, ended };
  }

  deploy(variant: Variant = {}, args: readonly string[] = []): Promise<Ended> {
    return this.start(variant, args).ended;
  }

  remove(): void {
    this.project.remove();
  }
}
