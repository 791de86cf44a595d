import { parseImage } from '../../constructs/units';
import type { Shell } from '../../contract/shell';
import type { Service } from '../docker/answers';
import type { DockerClient } from '../docker/client';
import { sameImage } from '../images/same-image';
import type { RegistryLogin, SynthesizedStack } from '../stack/synthesized';
import { type Finding, failure, ok, warning } from '../terminal/finding';

/** What the daemon heard from an image's registry. */
export interface AskedImage {
  readonly image: string;
  readonly services: readonly string[];
  /** Absent when the registry has it. */
  readonly error?: string;
  /** All services that want it run it now. */
  readonly running: boolean;
  /** Asked with the login of this registry's variables. */
  readonly withLogin: boolean;
}

/**
 * The login that the nodes will pull with. The provider looks for it under what stands before the image's first slash,
 * to the letter: `acme/x` and `nginx` never find Docker Hub's, `docker.io/acme/x` does.
 */
export function loginOf(image: string, registries: readonly RegistryLogin[], shell: Shell) {
  const [first, ...rest] = image.split('/');
  const login = registries.find(({ address }) => rest.length > 0 && hostOf(address) === first);
  const username = login?.username && shell[`TF_VAR_${login.username}`];
  const password = login?.password && shell[`TF_VAR_${login.password}`];
  return login && username && password ? { username, password, serveraddress: login.address } : undefined;
}

const hostOf = (address: string): string => address.replace(/^https?:\/\//, '').replace(/\/.*$/, '');

/** Asks through the daemon, since that is what will pull: its network, its proxy, its trust. */
export async function gatherImages(
  docker: DockerClient,
  { services, registries }: Pick<SynthesizedStack, 'services' | 'registries'>,
  existing: readonly Service[],
  shell: Shell,
): Promise<AskedImage[]> {
  const images = [...new Set(services.map(({ image }) => image))];
  return Promise.all(
    images.map(async (image) => {
      const wanting = services.filter((service) => service.image === image);
      const running = wanting.every(({ name }) => {
        const now = existing.find(({ Spec }) => Spec.Name === name)?.Spec.TaskTemplate.ContainerSpec?.Image;
        return now !== undefined && sameImage(image, now);
      });
      const login = loginOf(image, registries, shell);
      const asked = { image, services: wanting.map(({ id }) => id), running, withLogin: login !== undefined };
      try {
        await docker.distribution(image, login);
        return asked;
      } catch (error) {
        if ((error as { statusCode?: number }).statusCode === undefined) throw error;
        return { ...asked, error: wordsOf(error) };
      }
    }),
  );
}

const wordsOf = (error: unknown): string => {
  const { json, message } = error as { json?: { message?: string }; message?: string };
  return (json?.message ?? message ?? String(error)).trim();
};

export function judgeImages(asked: readonly AskedImage[]): Finding[] {
  const wrong = asked.flatMap((image) => (image.error === undefined ? [] : [judge(image, image.error)]));
  const found = asked.filter(({ error }) => error === undefined).length;
  return wrong.length > 0 ? wrong : [ok('images', `all ${found} are in their registries`)];
}

function judge({ image, services, running, withLogin }: AskedImage, error: string): Finding {
  const { registry } = parseImage(image);
  const who = services.join(', ');
  const finding = (text: string, fix: string) =>
    running
      ? warning('images', `${text} (${who} runs it already, so this deploy need not pull it)`, fix)
      : failure('images', `${text}, for ${who}`, fix);
  if (/unauthorized|denied|authentication|no basic auth/i.test(error)) {
    return finding(
      `${registry} refuses ${image} ${withLogin ? 'with the login given' : 'without a login'}`,
      withLogin
        ? 'renew the token in the registry’s password variable; it needs the right to read packages'
        : registry === 'docker.io' && !image.startsWith('docker.io/')
          ? 'write docker.io/ before it, under which a login of `registries` is found (address: docker.io), and give the login; or the image does not exist'
          : 'give the login: TF_VAR_registry_username and TF_VAR_registry_password, as `registries` in services.config.ts names them; or the image does not exist',
    );
  }
  if (/manifest unknown|not found|name unknown|no such/i.test(error)) {
    return finding(
      `${registry} does not have ${image}`,
      'push it, or correct the tag in services.config.ts and run `./proctor images lock`',
    );
  }
  return finding(
    `${registry} does not answer for ${image} (${error})`,
    'check the registry, then deploy again',
  );
}
