import { runStep } from '../../add-ons/github/steps/main';
import type { Run } from '../table/verb';
import type { github } from '../verbs/github';
import { lockSentImages } from './github-images';

export const run: Run<typeof github> = ({ words: [step = '', environment] }) =>
  step === 'images' ? lockSentImages(process.env) : runStep(step, environment);
