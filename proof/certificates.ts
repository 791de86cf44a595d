import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { startAcme, stopAcme } from '../lab/cluster/acme';
import { labStatus } from '../lab/cluster/infrastructure';
import { PORTS } from '../lab/deploy/target';
import { LabError } from '../lab/ground/error';
import { readSettings } from '../lab/ground/settings';
import { run } from '../lab/ground/shell';
import { ensureImage } from '../lab/images/images';
import { CERTBOT } from '../lab/images/recipes';
import { table } from '../operations/terminal/table';
import { catalogueOf, type Issuance, SERVER_NAME, scenariosOf } from './certificates/scenarios';
import { Watcher } from './certificates/watcher';
import { addAddresses } from './load/addresses';
import { start } from './load/entry';
import { complaints, type Measured, measure } from './roll/measure';
import { CLIENT_ADDRESSES, loadPlan, mix } from './roll/mix';
import { Bench } from './roll/platform';
import { details, rollTable } from './roll/show';

/**
 * `npm run bench:certificates`: on the lab, under load, from the self-signed certificate to one of a real ACME server,
 * renewals with nginx rolled and certbot killed between them, and to a provided one. No request may fail, and each
 * certificate must be seen.
 */
async function main(): Promise<number> {
  const rate = Number(process.argv[2] ?? 0.5);
  if (!(rate > 0 && rate <= 2))
    throw new LabError(`rate ${rate}`, 'usage: npm run bench:certificates [-- 0.5]');
  const status = labStatus();
  const settings = status && readSettings(status.paths);
  if (!status || !settings) throw new LabError('the lab does not run', 'start it: ./proctor lab up');
  const lab = { ...status, images: [] };
  const { paths } = lab;
  const say = (line: string) => console.log(`  ${line}`);
  await ensureImage(paths, settings, CERTBOT, say);
  const acme: Issuance = {
    ...(await startAcme(paths, settings, { validitySeconds: 120, ports: PORTS })),
    provided: await providedPair(join(paths.dir, 'acme', 'provided')),
  };
  const addresses = await addAddresses(paths, CLIENT_ADDRESSES);
  const bench = new Bench(lab, process.cwd(), say, true);
  const measured: Measured[] = [];
  const seen: string[][] = [];
  const broken: string[] = [];
  try {
    await bench.deploy(catalogueOf('self-signed', acme));
    for (const { scenario, expects, meanwhile } of scenariosOf(acme)) {
      console.log(`\n${scenario.name}: ${scenario.title}`);
      const watcher = new Watcher({ ...bench.door, serverName: SERVER_NAME });
      const disturbed = meanwhile?.(bench, watcher);
      const one = await measure(
        bench,
        scenario,
        loadPlan(bench.door, mix(addresses.list, rate), 900),
        addresses.list,
      );
      await disturbed;
      const found = await watcher.stop();
      measured.push(one);
      console.log(details(one));
      const wrong = [...complaints(one), ...expects(found)];
      for (const line of wrong) console.log(`  BROKEN: ${line}`);
      broken.push(...wrong);
      seen.push(...found.map(({ issuer, validFrom }) => [scenario.name, issuer, validFrom]));
      if (one.failure !== undefined) break;
    }
  } finally {
    await bench.deploy({}).catch((error: Error) => console.log(`  not restored: ${error.message}`));
    await addresses.remove();
    await stopAcme(paths);
    bench.remove();
  }
  console.log(
    `\n${table([['scenario', 'certificate by', 'from'], ...seen]).join('\n')}\n\n${rollTable(measured)}`,
  );
  return broken.length > 0 ? 1 : 0;
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

start(main);
