import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { checkPair } from '../../units/certificate-pair';

interface PairFiles {
  readonly projectFolder: string;
  readonly certificateFile: string;
  readonly privateKeyFile: string;
  readonly serverName: string;
}

/** Reads a provided pair and throws with every fault found; nothing of either file ends up in the stack. */
export function checkPairFiles({
  projectFolder,
  certificateFile,
  privateKeyFile,
  serverName,
}: PairFiles): void {
  const faults = checkPair({
    certificate: readPem(projectFolder, certificateFile),
    privateKey: readPem(projectFolder, privateKeyFile),
    serverName,
    now: new Date(),
  });
  if (faults.length > 0) {
    throw new Error(
      `tls: ${certificateFile} and ${privateKeyFile} cannot be used\n${faults.map((fault) => `  ${fault}`).join('\n')}`,
    );
  }
}

/** The text of a file of the project. @param of what it is read for. @throws Error when it cannot be read */
export function readPem(folder: string, file: string, of = 'tls'): string {
  try {
    return readFileSync(resolve(folder, file), 'utf8');
  } catch (error) {
    throw new Error(
      `${of}: cannot read ${file} (${(error as NodeJS.ErrnoException).code})\n  give the path relative to the project's folder`,
    );
  }
}
