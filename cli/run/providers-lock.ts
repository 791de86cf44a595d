import type { Run } from '../table/verb';
import type { providersLock } from '../verbs/build';
import { runBuildProgram } from './build-program';

export const run: Run<typeof providersLock> = ({ projectFolder }) =>
  runBuildProgram(projectFolder, 'providers-lock.mjs');
