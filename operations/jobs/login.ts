import { parseImage } from '../../constructs/units';
import type { Shell } from '../../contract/shell';
import { loginFor, type RegistryLogin } from '../images/credentials';

/**
 * What Docker is given to pull an image with: the login of the catalogue's variables, else what `docker login` stored.
 *
 * @returns undefined where there is none: a public image, or a node that has it already
 */
export async function loginOf(
  image: string,
  registries: readonly RegistryLogin[],
  env: Shell,
): Promise<object | undefined> {
  const { registry } = parseImage(image);
  const login = await loginFor(registry, env, registries).catch(() => undefined);
  if (!login) return undefined;
  return 'identityToken' in login
    ? { identitytoken: login.identityToken, serveraddress: registry }
    : { ...login, serveraddress: registry };
}
