import { benchCertificates as measure } from '../../proof/certificates';
import type { Run } from '../table/verb';
import type { benchCertificates } from '../verbs/bench';
import { ended } from './bench-ended';

export const run: Run<typeof benchCertificates> = ({ values }) => ended(measure(values));
