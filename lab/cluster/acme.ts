import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { insideNetwork } from '../engine/network';
import { LabError } from '../ground/error';
import { ensureCommand } from '../ground/packages';
import type { LabPaths } from '../ground/paths';
import { becomesReady, startProcess, stopProcesses } from '../ground/processes';
import { type LabSettings, labAddress } from '../ground/settings';
import { run, succeeds } from '../ground/shell';

/** A certificate authority in the lab's network, reached from containers. */
export interface LabAcme {
  /** URL of its directory. */
  readonly directory: string;
  /** PEM of the certificate that it shows itself. */
  readonly caFile: string;
}

export interface LabAcmeOptions {
  /** How long its certificates live. */
  readonly validitySeconds: number;
  /** The lab's public ports, where it looks for its challenges. */
  readonly ports: { readonly http: number; readonly https: number };
}

/**
 * Starts pebble, the Let's Encrypt project's CA for tests. The lab's name server knows every name below `.test` as the lab.
 */
export async function startAcme(
  paths: LabPaths,
  settings: LabSettings,
  options: LabAcmeOptions,
): Promise<LabAcme> {
  await ensureCommand('pebble', ['pebble']);
  await ensureCommand('openssl', ['openssl']);
  const folder = join(paths.dir, 'acme');
  const address = labAddress(settings, 2);
  const [caFile, keyFile] = [join(folder, 'server.pem'), join(folder, 'server.key')];
  mkdirSync(folder, { recursive: true });
  if (!existsSync(caFile)) {
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '365'];
    const name = ['-subj', '/CN=pebble', '-addext', `subjectAltName=IP:${address}`];
    await run('openssl', ['req', '-x509', ...key, ...name, '-keyout', keyFile, '-out', caFile]);
  }
  const config = join(folder, 'config.json');
  const pebble = {
    listenAddress: `${address}:${PORT}`,
    managementListenAddress: `${address}:${PORT + 1}`,
    certificate: caFile,
    privateKey: keyFile,
    httpPort: options.ports.http,
    tlsPort: options.ports.https,
    certificateValidityPeriod: options.validitySeconds,
  };
  writeFileSync(config, JSON.stringify({ pebble }));
  await stopAcme(paths);
  // pebble asks the name server beside it; both are of one role, so they end together.
  const names = `pebble-challtestsrv -http01 "" -https01 "" -tlsalpn01 "" -defaultIPv6 "" -defaultIPv4 ${address} -dns01 127.0.0.1:${PORT + 2} -management 127.0.0.1:${PORT + 3}`;
  const program = `${names} & exec pebble -config ${config} -dnsserver 127.0.0.1:${PORT + 2}`;
  startProcess(paths, 'acme', [...insideNetwork(paths), 'sh', '-c', program], {
    PEBBLE_VA_NOSLEEP: '1',
    PEBBLE_WFE_NONCEREJECT: '0',
  });
  const directory = `https://${address}:${PORT}/dir`;
  const answers = () =>
    succeeds('curl', ['--silent', '--max-time', '2', '--cacert', caFile, '--output', '/dev/null', directory]);
  if (!(await becomesReady(paths, 'acme', 10, answers))) {
    throw new LabError(
      "the lab's certificate authority does not start",
      `see ${join(paths.logs, 'acme.log')}`,
    );
  }
  return { directory, caFile };
}

export const stopAcme = (paths: LabPaths): Promise<void> => stopProcesses(paths, 'acme', 1);

const PORT = 14000;
