import { lockImages } from '../operations/images/lock-images';
import { parseRequest, USAGE } from '../operations/images/request';
import { answerHelp } from '../operations/terminal/command-line';
import { platform } from '../services.config';

/** `./proctor images lock`: writes the digest of every image in services.config.ts to images.lock.json. */
const args = process.argv.slice(2);
if (answerHelp(args, `${USAGE}\n`)) process.exit(0);
const request = parseRequest(args);
if (typeof request === 'string') {
  console.error(`error: ${request}\n${USAGE}`);
  process.exit(64);
}
lockImages(request, {
  catalogue: platform,
  path: process.env.IMAGE_LOCK || 'images.lock.json',
  shell: process.env,
  print: console.log,
}).catch((error: unknown) => {
  console.error(`error: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
});
