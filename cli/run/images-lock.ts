import { lockImages } from '../../operations/images/lock-images';
import { requestOf } from '../../operations/images/request';
import { messageOf } from '../../operations/terminal/message-of';
import { platform } from '../../services.config';
import type { Run } from '../table/verb';
import type { imagesLock } from '../verbs/images';

export const run: Run<typeof imagesLock> = async ({ values, words, shell }) => {
  const request = requestOf({ check: values.check, services: words, set: values.set });
  const path = shell.IMAGE_LOCK || 'images.lock.json';
  try {
    await lockImages(request, { catalogue: platform, path, shell: process.env, print: console.log });
    return 0;
  } catch (error) {
    console.error(`error: ${messageOf(error)}`);
    return 1;
  }
};
