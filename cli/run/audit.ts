import { runAudit } from '../../operations/releases/main';
import { releasesOf } from '../catalogue/releases';
import type { Run } from '../table/verb';
import type { audit } from '../verbs/releases';

export const run: Run<typeof audit> = (call) => runAudit(releasesOf(call));
