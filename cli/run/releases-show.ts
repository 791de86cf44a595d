import { runShow } from '../../operations/releases/main';
import { numberOf, releasesOf } from '../catalogue/releases';
import type { Run } from '../table/verb';
import type { releasesShow } from '../verbs/releases';

export const run: Run<typeof releasesShow> = (call) => runShow(releasesOf(call), numberOf(call.words[0]));
