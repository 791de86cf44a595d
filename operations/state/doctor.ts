import type { Shell } from '../../contract/shell';
import { readIfThere } from '../files/read-if-there';
import { redactorOfEnvironment } from '../redact/environment';
import { type Backend, localPath } from '../stack/backend';
import { type Finding, failure, ok } from '../terminal/finding';
import { checkPg } from './check-pg';
import { checkS3 } from './check-s3';
import type { Encryption } from './encryption/setting';
import { judgeStored } from './encryption/stored';
import { tryEncryption } from './encryption/trial';
import { judgeFiles } from './private-files';

export interface Examined {
  readonly backend: Backend;
  /** The environment can be made again at any time. */
  readonly disposable: boolean;
  /** Names of other stacks of the same environment, whose states lie beside it. */
  readonly besides: readonly string[];
  readonly encryption: Encryption | undefined;
  readonly projectFolder: string;
}

/** Tries what a deploy relies on, and leaves the state as it is. */
export async function examine(examined: Examined, shell: Shell): Promise<Finding[]> {
  const trial = examined.encryption === 'TF_ENCRYPTION' ? await tryEncryption(shell) : [];
  return [...trial, ...(await examineBackend(examined, shell))];
}

async function examineBackend(examined: Examined, shell: Shell): Promise<Finding[]> {
  const findings = await examineStore(examined, shell);
  return [...findings, ...judgeFiles(examined.projectFolder, examined.backend, examined.besides)];
}

async function examineStore(
  { backend, disposable, besides, encryption, projectFolder }: Examined,
  shell: Shell,
): Promise<Finding[]> {
  switch (backend.kind) {
    case 's3':
      return checkS3(backend, shell, { besides, encryption });
    case 'pg':
      return checkPg(backend, shell, encryption);
    case 'local':
      return [
        judgeFile(disposable, encryption),
        ...examineFile(localPath(backend, projectFolder), encryption, shell),
      ];
  }
}

function judgeFile(disposable: boolean, encryption: Encryption | undefined): Finding {
  return disposable
    ? ok('file', 'good enough for what is disposable')
    : failure(
        'file',
        `no other machine sees its lock or the state, ${encryption ? 'and older ones are not kept' : 'older ones are not kept, and its secrets are in clear'}`,
        "set state of this environment in services.config.ts to kind 's3' or 'pg': docs/state.md",
      );
}

/** Only what encryption makes of it: a file that is damaged is found when it is read. */
function examineFile(path: string, encryption: Encryption | undefined, shell: Shell): Finding[] {
  const text = readIfThere(path);
  const found = text ? judgeStored(text, encryption, redactorOfEnvironment(shell)) : undefined;
  return found ? [found] : [];
}
