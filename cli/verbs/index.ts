import { IN_CLONE } from '../table/program';
import type { Verb } from '../table/verb';
import {
  backupCheck,
  backupDrill,
  backupList,
  backupNow,
  backupRestore,
  backupUnlock,
  recover,
} from './backup';
import {
  benchAttack,
  benchBackup,
  benchCertificates,
  benchDeploy,
  benchLoad,
  benchRoll,
  benchRotate,
  benchUpgrade,
  simulation,
} from './bench';
import { completion, providersLock, synth } from './build';
import { compose, provision } from './compose';
import { dataForget } from './data';
import { deploy } from './deploy';
import { doctorHardening, doctorSecurity } from './doctor';
import { github } from './github';
import { hostCheck } from './host';
import { imagesLock } from './images';
import { labDown, labStop, labUp, labVps, labVpsTest } from './lab';
import { plan } from './plan';
import { prune } from './prune';
import { audit, lock, releasesDiff, releasesList, releasesShow, unlock, verify } from './releases';
import { rollback } from './rollback';
import { rollout } from './rollout';
import { run } from './run';
import { secrets } from './secrets';
import { stateDoctor, stateRecover } from './state';
import { status } from './status';

/** In the order in which the help shows them. */
const ALL: readonly Verb[] = [
  ...[plan, deploy, status, rollout, rollback, run, secrets],
  ...[releasesList, releasesShow, releasesDiff, verify, audit, lock, unlock, prune],
  ...[backupNow, backupList, backupCheck, backupUnlock, backupDrill, backupRestore, recover],
  ...[
    imagesLock,
    dataForget,
    doctorHardening,
    doctorSecurity,
    stateDoctor,
    stateRecover,
    hostCheck,
    compose,
    provision,
    synth,
    providersLock,
  ],
  ...[labUp, labStop, labDown, labVps, labVpsTest, github, completion],
  ...[
    benchRoll,
    benchRotate,
    benchCertificates,
    benchAttack,
    benchDeploy,
    benchUpgrade,
    benchBackup,
    benchLoad,
    simulation,
  ],
];

/** Those that there are. */
export const VERBS: readonly Verb[] = ALL.filter(({ cloneOnly }) => IN_CLONE || !cloneOnly);

/** Those that people are told of. */
export const SHOWN: readonly Verb[] = VERBS.filter(({ hidden }) => !hidden);

/** What one word alone means where there are two. */
export const DEFAULTS: Readonly<Record<string, string>> = {
  lab: 'lab up',
  releases: 'releases list',
  backup: 'backup list',
};
