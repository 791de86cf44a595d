import { parseImage } from '../../../constructs/units';
import { type Finding, failure, ok, warning } from '../../terminal/finding';
import type { AskedImage, RegistryAnswers } from './ask-registries';

export function judgeImages({ asked, nodes }: RegistryAnswers): Finding[] {
  const wrong = asked.flatMap((image) => judge(image) ?? judgePlatform(image, nodes) ?? []);
  const found = asked.filter(({ error, silentSeconds }) => error === undefined && !silentSeconds).length;
  return wrong.length > 0 ? wrong : [ok('images', `all ${found} are in their registries`)];
}

interface Words {
  /** Of an engine; the tests have recorded ones. */
  readonly pattern: RegExp;
  readonly text: string;
  readonly fix: string;
}

/** Ordered: the first that matches wins. `REGISTRY` and `IMAGE` stand for them. */
const WORDS: readonly Words[] = [
  {
    pattern: /toomanyrequests|too many requests|rate limit/i,
    text: 'REGISTRY has been asked too often, and refuses IMAGE for now',
    fix: 'wait (Docker Hub counts over 6 hours), or give a login in `registries` of services.config.ts, which is allowed more',
  },
  {
    pattern: /no such host|server misbehaving|temporary failure in name resolution/i,
    text: 'the server cannot look up REGISTRY, for IMAGE',
    fix: 'correct the image’s name in services.config.ts, or the name servers of the server (`resolvectl`, /etc/resolv.conf)',
  },
  {
    pattern: /x509|certificate|HTTP response to HTTPS client/i,
    text: 'the server’s Docker does not trust REGISTRY, for IMAGE (ERROR)',
    fix: 'give the registry a certificate that the server trusts: /etc/docker/certs.d/REGISTRY/ca.crt there',
  },
  {
    pattern: /manifest unknown|not found|name unknown|no such/i,
    text: 'REGISTRY does not have IMAGE',
    fix: 'push it, or correct the tag in services.config.ts and run `./proctor images lock`',
  },
];

const REFUSED = /unauthorized|denied|authentication|no basic auth/i;

function judge(image: AskedImage): Finding | undefined {
  const { registry } = parseImage(image.image);
  const finding = found(image);
  if (image.silentSeconds) {
    return finding(
      `${registry} is silent about ${image.image} (for ${image.silentSeconds} s)`,
      'check the registry, and the server’s way to it; then deploy again',
    );
  }
  const { error } = image;
  if (error === undefined) return undefined;
  const fill = (words: string) =>
    words.replaceAll('REGISTRY', registry).replace('IMAGE', image.image).replace('ERROR', error);
  const words = WORDS.find(({ pattern }) => pattern.test(error));
  if (words) return finding(fill(words.text), fill(words.fix));
  if (!REFUSED.test(error)) {
    return finding(
      `${registry} does not answer for ${image.image} (${error})`,
      'check the registry, then deploy again',
    );
  }
  return finding(
    `${registry} refuses ${image.image} ${image.withLogin ? 'with the login given' : 'without a login'}`,
    image.withLogin
      ? 'renew the token in the registry’s password variable; it needs the right to read packages'
      : 'give the login: TF_VAR_registry_username and TF_VAR_registry_password, as `registries` in services.config.ts names them; or the image does not exist',
  );
}

/**
 * Swarm leaves a task Pending for which no node where it may be has the right processor. Where no node fulfils a
 * constraint, that is another check's: a label may be set before the tasks start.
 */
function judgePlatform(image: AskedImage, nodes: RegistryAnswers['nodes']): Finding | undefined {
  const { platforms } = image;
  if (platforms.length === 0 || nodes.length === 0) return undefined;
  for (const [index, constraints] of image.constraints.entries()) {
    const fitting = nodes.filter(({ takes }) => takes(constraints));
    const allowed = fitting.length > 0 ? fitting : nodes;
    if (allowed.some(({ platform }) => platforms.includes(platform))) continue;
    const theirs = [...new Set(allowed.map(({ platform }) => platform))].join(', ');
    const who = allowed.length === 1 ? `the node ${allowed[0]!.name}` : 'the nodes';
    const which = allowed.length < nodes.length ? ` where ${image.services[index]} may be` : '';
    const are = allowed.length === 1 ? 'is' : 'are';
    return found(image)(
      `${image.image} is built for ${platforms.join(', ')}, ${who}${which} ${are} ${theirs}`,
      `build it for ${theirs}, too, and push it: docker buildx build --platform ${[...platforms, theirs].join(',').replaceAll(' ', '')} --push`,
    );
  }
  return undefined;
}

const found =
  ({ services, running, heldBy }: AskedImage) =>
  (text: string, fix: string): Finding => {
    const who = services.join(', ');
    const has = running
      ? `${who} runs it already`
      : heldBy !== undefined && `the node ${heldBy} has it for ${who}`;
    return has
      ? warning('images', `${text} (${has}, so this deploy need not pull it)`, fix)
      : failure('images', `${text}, for ${who}`, fix);
  };
