import type { Shell } from '../../contract/shell';
import { type Finding, failure, ok } from '../terminal/finding';
import type { Backend } from './backend';
import { checkPg } from './check-pg';
import { checkS3 } from './check-s3';
import { judgeFiles } from './private-files';

/**
 * Tries what a deploy relies on, and leaves the state as it is.
 *
 * @param besides names of other stacks of the same environment, whose states lie beside it
 */
export async function examine(
  backend: Backend,
  disposable: boolean,
  shell: Shell,
  projectFolder: string,
  besides: readonly string[] = [],
): Promise<Finding[]> {
  const findings = await examineStore(backend, disposable, shell, besides);
  return [...findings, ...judgeFiles(projectFolder, backend, besides)];
}

async function examineStore(
  backend: Backend,
  disposable: boolean,
  shell: Shell,
  besides: readonly string[],
): Promise<Finding[]> {
  switch (backend.kind) {
    case 's3':
      return checkS3(backend, shell, besides);
    case 'pg':
      return checkPg(backend, shell);
    case 'local':
      return [judgeFile(disposable)];
  }
}

function judgeFile(disposable: boolean): Finding {
  return disposable
    ? ok('file', 'good enough for what is disposable')
    : failure(
        'file',
        'no other machine sees its lock or the state, older ones are not kept, and its secrets are in clear',
        "set state of this environment in services.config.ts to kind 's3' or 'pg': docs/state.md",
      );
}
