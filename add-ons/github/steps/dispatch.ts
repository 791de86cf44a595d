import { DIGEST } from '../../../operations/images/lock-file';
import { Fault } from '../runner/fault';

/** What the applications' CI sends: `client_payload` of the event `deploy-images`. */
export interface ImagesPayload {
  /** A service of the catalogue, or `repository:tag`, and its digest. */
  readonly images: ReadonlyMap<string, string>;
  /** Where they come from, a commit of the applications' repository; a word for the commit's message. */
  readonly source?: string;
}

/** More images than a catalogue has services are no deploy, but a mistake. */
const MOST = 100;
const NAME = /^[a-z0-9][\w./:-]{0,254}$/i;

/** @throws {Fault} for anything that is not exactly what is expected; nothing of it reaches a command or a message */
export function parsePayload(event: Readonly<Record<string, unknown>>): ImagesPayload {
  const payload = event.client_payload;
  if (!isObject(payload) || !isObject(payload.images)) throw fault('has no object `images`');
  const entries = Object.entries(payload.images);
  if (entries.length === 0) throw fault('has no image in `images`');
  if (entries.length > MOST) throw fault(`has ${entries.length} images, ${MOST} at most are taken`);
  for (const [name, digest] of entries) {
    if (!NAME.test(name)) throw fault('has a name in `images` that is neither a service nor repository:tag');
    if (typeof digest !== 'string' || !DIGEST.test(digest)) {
      throw fault(`has no digest for ${name}: sha256: and 64 hexadecimal digits`);
    }
  }
  const { source } = payload;
  if (source !== undefined && (typeof source !== 'string' || !/^[\w./@-]{1,200}$/.test(source))) {
    throw fault('has a `source` that is not one word, such as acme/proctorwise@1a2b3c4');
  }
  return { images: new Map(entries as [string, string][]), ...(source ? { source } : {}) };
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const fault = (what: string) =>
  new Fault(
    `the dispatch's client_payload ${what}`,
    'send {"images": {"userservice": "sha256:…"}}; docs/github.md has the step for the applications\' workflow',
    'repository_dispatch',
  );
