import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { startAcme, stopAcme } from '../lab/cluster/acme';
import { PORTS } from '../lab/deploy/target';
import { LabError } from '../lab/ground/error';
import { readSettings } from '../lab/ground/settings';
import { run } from '../lab/ground/shell';
import { ensureImage } from '../lab/images/images';
import { CERTBOT } from '../lab/images/recipes';
import { runningLab } from './platform/lab';
import { runSuite } from './runner/suite';
import { ROLL_COLUMNS } from './runner/text';
import { readWish, type WrittenWish } from './runner/wish';
import {
  CERTIFICATE_SCENARIOS,
  catalogueOf,
  certificateScenarios,
  type Issuance,
  SERVER_NAME,
} from './scenarios/certificates';

/**
 * `./proctor bench certificates`: on the lab, under load, from the self-signed certificate to one of a real
 * ACME server, renewals with nginx rolled and certbot killed between them, and to a provided one. No request may fail, and
 * each certificate must be seen. Resolves to the exit code.
 */
export async function benchCertificates(written: WrittenWish): Promise<number> {
  const wish = readWish(written, { scenarios: CERTIFICATE_SCENARIOS, rate: 0.5 });
  const lab = await runningLab();
  const { paths } = lab;
  const settings = readSettings(paths);
  if (!settings) throw new LabError('the lab does not run', 'start it: ./proctor lab up');
  await ensureImage(paths, settings, CERTBOT, (line) => console.log(`  ${line}`));
  const acme: Issuance = {
    ...(await startAcme(paths, settings, { validitySeconds: 120, ports: PORTS })),
    provided: await providedPair(join(paths.dir, 'acme', 'provided')),
  };
  const suite = {
    scenarios: certificateScenarios(acme),
    columns: ROLL_COLUMNS,
    sumTitle: 'all that promise 0 failed',
    start: catalogueOf('self-signed', acme),
    maxSeconds: 900,
    rowsHead: ['scenario', 'certificate by', 'from'],
  };
  try {
    return await runSuite(lab, suite, { ...wish, patient: true });
  } finally {
    await stopAcme(paths);
  }
}

/** A pair of an authority that nobody knows. */
async function providedPair(folder: string): Promise<Issuance['provided']> {
  const pair = {
    certificateFile: join(folder, 'fullchain.pem'),
    privateKeyFile: join(folder, 'privkey.pem'),
  };
  mkdirSync(folder, { recursive: true });
  if (existsSync(pair.certificateFile)) return pair;
  const [ca, caKey] = [join(folder, 'ca.pem'), join(folder, 'ca.key')];
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  const make = (...args: string[]) => run('openssl', ['req', '-x509', ...key, '-days', '365', ...args]);
  await make('-subj', '/CN=Bench CA', '-keyout', caKey, '-out', ca);
  const leaf = [
    '-addext',
    `subjectAltName=DNS:${SERVER_NAME}`,
    '-addext',
    'basicConstraints=critical,CA:FALSE',
  ];
  const files = ['-keyout', pair.privateKeyFile, '-out', pair.certificateFile];
  await make('-subj', `/CN=${SERVER_NAME}`, '-CA', ca, '-CAkey', caKey, ...leaf, ...files);
  return pair;
}
