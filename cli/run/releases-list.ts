import { runList } from '../../operations/releases/main';
import { releasesOf } from '../catalogue/releases';
import type { Run } from '../table/verb';
import type { releasesList } from '../verbs/releases';

export const run: Run<typeof releasesList> = (call) => runList(releasesOf(call));
