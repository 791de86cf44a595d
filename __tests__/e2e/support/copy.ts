import { execFile } from 'node:child_process';
import { cpSync, existsSync, symlinkSync } from 'node:fs';
import { dockerEnvironment } from '../../../lab/deploy/docker';
import { STACK } from '../../../lab/deploy/target';
import { terraformProgram } from '../../../operations/terraform/program';
import { ProjectCopy } from '../../support/programs/project-copy';
import { expectSuccess, type Run, runningLab, runningTarget, runProgram } from './lab';

/** The project once more, with a catalogue of its own, and the lab's state. */
export class LabCopy extends ProjectCopy {
  /** For a lab that runs. */
  join(): void {
    symlinkSync(runningLab().paths.dir, this.path('.lab'));
    if (existsSync('.terraform.lock.hcl')) cpSync('.terraform.lock.hcl', this.path('.terraform.lock.hcl'));
  }

  program(verb: string, ...args: string[]): Promise<Run> {
    return runProgram(verb, args, runningTarget().variables, this.folder);
  }

  deploy(): Promise<Run> {
    return this.program('deploy', '--environment', 'lab', '--yes');
  }

  /** As an operator's shell runs it. */
  typed(command: string): Promise<{ readonly status: number; readonly output: string }> {
    return new Promise((done) => {
      const env = dockerEnvironment(runningTarget());
      execFile('sh', ['-c', command], { cwd: this.folder, env }, (error, stdout, stderr) =>
        done({ status: error ? Number(error.code) : 0, output: stdout + stderr }),
      );
    });
  }

  /** As `terraform apply` without this project's programs around it. */
  async applyAlone(): Promise<{ readonly status: number; readonly output: string }> {
    const variables = { ...runningTarget().variables, PLATFORM_ENVIRONMENT: 'lab' };
    expectSuccess(await runProgram('synth', [], variables, this.folder));
    const terraform = `${terraformProgram()} -chdir=cdktf.out/stacks/${STACK}`;
    return this.typed(
      `${terraform} init -input=false -no-color && ${terraform} apply -input=false -auto-approve -no-color`,
    );
  }
}

/** What is broken to a terminal's width is one line. */
export const inOneLine = ({ output }: Pick<Run, 'output'>): string => output.replaceAll(/\s+/g, ' ');
