import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** In `.terraform`, which outlives the next synth. */
const fileIn = (folder: string): string => join(folder, '.terraform', 'deploy-last');

/** Whether a stack is, to the byte, the one that this folder last saw with nothing to do. It proves nothing: it may have been changed since. */
export const isAsLast = (folder: string): boolean =>
  existsSync(fileIn(folder)) && readFileSync(fileIn(folder), 'utf8') === hashIn(folder);

export const noteLast = (folder: string): void => writeFileSync(fileIn(folder), hashIn(folder));

const hashIn = (folder: string): string =>
  createHash('sha256')
    .update(readFileSync(join(folder, 'cdk.tf.json')))
    .digest('hex');
