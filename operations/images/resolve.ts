import { createHash } from 'node:crypto';
import { registryHost } from '../../constructs/units';
import type { Shell } from '../../contract/shell';
import { type Login, loginFor, type RegistryLogin } from './credentials';
import { ask, TIMEOUT } from './http';
import { DIGEST } from './lock-file';
import { type RemoteImage, remoteImage } from './reference';
import { authorization } from './token';

export interface ResolveOptions {
  /** The shell's variables: logins of the catalogue's registries, and where Docker keeps its own. */
  readonly shell: Shell;
  /** @default none but Docker's own logins */
  readonly registries?: readonly RegistryLogin[];
  /** Milliseconds for one request. @default 15,000 */
  readonly timeout?: number;
}

/** Indexes first: their digest holds on every processor, a manifest's on one. */
const ACCEPT = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ');

/**
 * Asks the image's registry which digest is behind its tag; of the whole list where an image has several platforms.
 *
 * @param tagged `repository:tag`
 * @throws Error with what is wrong and what to do
 */
export async function resolveDigest(tagged: string, options: ResolveOptions): Promise<string> {
  const image = remoteImage(tagged);
  const registries = options.registries ?? [];
  const login = await loginFor(image.registry, options.shell, registries);
  const timeout = options.timeout ?? TIMEOUT;
  const url = new URL(`${image.origin}/v2/${image.name}/manifests/${encodeURIComponent(image.tag)}`);
  const send = (method: string, authorized: string | undefined) =>
    ask(
      url,
      { method, headers: { accept: ACCEPT, ...(authorized ? { authorization: authorized } : {}) } },
      timeout,
    );

  let authorized: string | undefined;
  let response = await send('HEAD', authorized);
  const challenge = response.headers.get('www-authenticate');
  if (response.status === 401 && challenge) {
    authorized = await authorization(challenge, image, { login, timeout });
    if (authorized) response = await send('HEAD', authorized);
  }
  if (!response.ok) throw refusal(response, image, login, registries);
  const digest = response.headers.get('docker-content-digest');
  if (digest !== null && DIGEST.test(digest)) return digest;

  // The header is a courtesy of the registry; what it names is the content.
  const whole = await send('GET', authorized);
  if (!whole.ok) throw refusal(whole, image, login, registries);
  return `sha256:${createHash('sha256')
    .update(Buffer.from(await whole.arrayBuffer()))
    .digest('hex')}`;
}

function refusal(
  response: Response,
  { registry, name, tag }: RemoteImage,
  login: Login | undefined,
  registries: readonly RegistryLogin[],
): Error {
  switch (response.status) {
    case 401:
    case 403: {
      const declared = registries.find(({ address }) => registryHost(address) === registry);
      const variables = declared
        ? `, or set TF_VAR_${declared.username} and TF_VAR_${declared.password}`
        : '';
      return new Error(
        login
          ? `${registry} refuses the login for ${name}\n  check that the account may read it, and log in again: docker login ${registry}${variables}`
          : `${registry} shows ${name} to nobody without a login, or does not have it\n  check the name, then: docker login ${registry}${variables}`,
      );
    }
    case 404:
      return new Error(
        `${registry} has no ${name} with the tag ${tag}\n  push it first, or correct the image in services.config.ts`,
      );
    case 429: {
      const seconds = response.headers.get('retry-after');
      const wait = seconds && /^\d+$/.test(seconds) ? `in ${seconds} s` : 'later';
      return new Error(
        `${registry} has been asked too often\n  try again ${wait}${login ? '' : `; with a login it allows more: docker login ${registry}`}`,
      );
    }
    default:
      return new Error(
        `${registry} answers HTTP ${response.status} for ${name}:${tag}\n  ${response.status >= 500 ? 'it fails by itself: try again later' : 'check the image in services.config.ts'}`,
      );
  }
}
