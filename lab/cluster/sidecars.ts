import { join } from 'node:path';
import { insideNetwork } from '../engine/network';
import { LabError } from '../ground/error';
import { type LabPaths, labFile } from '../ground/paths';
import { processesOf, type Role, startProcess, stopProcesses } from '../ground/processes';
import { type LabSettings, labAddress } from '../ground/settings';
import { eventually, sleep } from '../ground/shell';
import { ensureMailPair, mailPair } from './mail-pair';

/** Where the applications send mail: `SMTP_HOST` and `SMTP_PORT`. */
export const mailServer = (settings: LabSettings): { readonly host: string; readonly port: number } => ({
  host: labAddress(settings, 2),
  port: 2525,
});

/** The name server and the mail server of the lab's network. */
export async function startSidecars(paths: LabPaths, settings: LabSettings): Promise<void> {
  const mail = mailServer(settings);
  await ensure(paths, 'dns', ['nxdomain.mjs', mail.host]);
  await ensureMailPair(paths, mail.host);
  const { certificate, key } = mailPair(paths);
  await ensure(paths, 'mail', ['mail.mjs', mail.host, String(mail.port), paths.mails, certificate, key]);
}

export async function stopSidecars(paths: LabPaths): Promise<void> {
  await Promise.all([stopProcesses(paths, 'dns', 1), stopProcesses(paths, 'mail', 1)]);
}

async function ensure(paths: LabPaths, role: Role, [script = '', ...args]: string[]): Promise<void> {
  const runs = () => processesOf(paths, role).length > 0;
  if (runs()) return;
  startProcess(paths, role, [...insideNetwork(paths), process.execPath, labFile('assets', script), ...args]);
  await eventually(5, runs);
  await sleep(0.5);
  if (runs()) return;
  throw new LabError(`the lab's ${role} server does not start`, `see ${join(paths.logs, `${role}.log`)}`);
}
