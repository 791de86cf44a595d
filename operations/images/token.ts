import type { Login } from './credentials';
import { ask } from './http';
import { isLoopback, type RemoteImage } from './reference';

interface Options {
  readonly login: Login | undefined;
  readonly timeout: number;
}

/**
 * The Authorization header that a registry asks for in `WWW-Authenticate`: a token from the place it names, or the login
 * itself.
 *
 * @returns undefined when there is nothing to answer with
 * @see https://distribution.github.io/distribution/spec/auth/token/
 */
export async function authorization(
  challenge: string,
  image: RemoteImage,
  { login, timeout }: Options,
): Promise<string | undefined> {
  const bearer = /\bbearer\s+(.*)/is.exec(challenge)?.[1];
  if (bearer === undefined) {
    return /\bbasic\b/i.test(challenge) && login && 'username' in login ? basic(login) : undefined;
  }
  const said = Object.fromEntries(
    [...bearer.matchAll(/(\w+)="([^"]*)"/g)].map(([, key, value]) => [key!.toLowerCase(), value!]),
  );
  const realm = said.realm !== undefined && URL.canParse(said.realm) ? new URL(said.realm) : undefined;
  if (!realm || !(realm.protocol === 'https:' || (isLoopback(realm.host) && isLoopback(image.registry)))) {
    throw new Error(
      `${image.registry} wants a login at ${JSON.stringify(said.realm ?? '')}, which is not https\n  no password is sent there: mend the registry`,
    );
  }
  const query = { service: said.service, scope: said.scope ?? `repository:${image.name}:pull` };
  const response = await request(realm, query, login, timeout);
  if (!response.ok) {
    await response.body?.cancel();
    if (response.status === 401 || response.status === 403) return undefined;
    throw new Error(
      `${realm.host} gives no token for ${image.registry} (HTTP ${response.status})\n  try again later`,
    );
  }
  const { token, access_token } = (await response.json()) as { token?: string; access_token?: string };
  return `Bearer ${token ?? access_token ?? ''}`;
}

function request(
  realm: URL,
  query: Readonly<Record<string, string | undefined>>,
  login: Login | undefined,
  timeout: number,
): Promise<Response> {
  const given = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined);
  if (login && 'identityToken' in login) {
    // A helper's token is exchanged by OAuth 2, which is a POST.
    const body = new URLSearchParams([
      ...given,
      ['grant_type', 'refresh_token'],
      ['refresh_token', login.identityToken],
      ['client_id', 'images-lock'],
    ]);
    return ask(realm, { method: 'POST', body }, timeout);
  }
  const url = new URL(realm);
  for (const [key, value] of given) url.searchParams.set(key, value);
  return ask(url, { headers: login ? { authorization: basic(login) } : {} }, timeout);
}

const basic = ({ username, password }: Extract<Login, { username: string }>): string =>
  `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
