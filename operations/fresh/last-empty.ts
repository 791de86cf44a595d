import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** In `.terraform`, which outlives the next synth. */
const fileIn = (folder: string): string => join(folder, '.terraform', 'deploy-empty');

/**
 * Whether a stack is, to the byte, the last one of this folder of which there was nothing to plan. A guess for whoever wants
 * to know what is worth beginning: it is no proof.
 */
export const isLikeLastEmpty = (folder: string): boolean =>
  existsSync(fileIn(folder)) && readFileSync(fileIn(folder), 'utf8') === hashIn(folder);

/** Without it the next one only takes longer. */
export function noteEmpty(folder: string): void {
  try {
    writeFileSync(fileIn(folder), hashIn(folder));
  } catch {}
}

const hashIn = (folder: string): string =>
  createHash('sha256')
    .update(readFileSync(join(folder, 'cdk.tf.json')))
    .digest('hex');
