import type { Run } from '../table/verb';
import type { synth } from '../verbs/build';
import { runBuildProgram } from './build-program';

export const run: Run<typeof synth> = ({ projectFolder }) => runBuildProgram(projectFolder, 'synth.mjs');
