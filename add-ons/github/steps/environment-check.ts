import type { Shell } from '../../../contract/shell';
import { Fault } from '../runner/fault';
import { judgeLine, type Secret } from '../runner/secret';
import { SECRETS } from '../runner/secrets';
import { readKnownHosts } from '../ssh/known-hosts';
import { readPrivateKey } from '../ssh/ssh-key';

/**
 * Everything that is absent or malformed, by name and with how to get it. Values are never shown.
 *
 * @param environment of GitHub, for the command that sets a secret
 */
export function judgeEnvironment(env: Shell, environment: string): Fault[] {
  const given = (secret: Secret) => (env[secret.variable] ?? '') !== '';
  if (!SECRETS.some(given)) return [nothingGiven(env, environment)];
  const byName = new Map(SECRETS.map((secret) => [secret.name, secret]));
  const absent = SECRETS.filter((secret) => {
    if (given(secret)) return false;
    if (secret.needed === 'always') return true;
    return secret.needed.startsWith('pair:') && given(byName.get(secret.needed.slice('pair:'.length))!);
  });
  return [
    ...loudLogs(env),
    ...absent.map((secret) => missing(secret, environment)),
    ...SECRETS.filter(given).flatMap((secret) => malformed(secret, env[secret.variable]!, environment)),
    ...stateFaults(given, environment),
  ];
}

/** The same for what it takes to log in, and for that alone: in an emergency nothing else may stand in the way. */
export function judgeServer(env: Shell, environment: string): Fault[] {
  const server = SECRETS.filter(({ name }) => name.startsWith('VPS_'));
  return [
    ...loudLogs(env),
    ...server
      .filter((secret) => secret.needed === 'always' && !env[secret.variable])
      .map((secret) => missing(secret, environment)),
    ...server
      .filter((secret) => env[secret.variable])
      .flatMap((secret) => malformed(secret, env[secret.variable]!, environment)),
  ];
}

/** The state's credentials: one kind must be complete, which one the catalogue says. */
function stateFaults(given: (secret: Secret) => boolean, environment: string): Fault[] {
  const kinds = (['s3', 'pg'] as const).map((kind) => SECRETS.filter(({ needed }) => needed === kind));
  if (kinds.some((secrets) => secrets.every(given))) return [];
  const begun = kinds.find((secrets) => secrets.some(given));
  if (begun) return begun.filter((secret) => !given(secret)).map((secret) => missing(secret, environment));
  return [
    new Fault(
      'there are no credentials for the state: neither AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SSE_CUSTOMER_KEY, nor PG_CONN_STR',
      'a state on the runner is lost with it; docs/github.md says how to get one that stays',
      'state',
    ),
  ];
}

const missing = ({ name, get }: Secret, environment: string) =>
  new Fault(`the secret ${name} is absent or empty`, `${get}. ${setIt(name, environment)}`, name);

function malformed({ name, get, judge = judgeLine }: Secret, value: string, environment: string): Fault[] {
  const reads = { VPS_SSH_KEY: readPrivateKey, VPS_KNOWN_HOSTS: readKnownHosts }[name];
  if (reads) return faultOf(() => reads(value));
  const wrong = judge(value);
  return wrong ? [new Fault(`the secret ${name} ${wrong}`, `${get}. ${setIt(name, environment)}`, name)] : [];
}

function faultOf(read: () => unknown): Fault[] {
  try {
    read();
    return [];
  } catch (error) {
    if (error instanceof Fault) return [error];
    throw error;
  }
}

const setIt = (name: string, environment: string) => `Set it: gh secret set ${name} --env ${environment}`;

function nothingGiven(env: Shell, environment: string): Fault {
  const what = `there is not one secret in the environment "${environment}"`;
  return env.GITHUB_EVENT_NAME === 'pull_request'
    ? new Fault(
        what,
        'GitHub gives none to pull requests of forks and of Dependabot; a maintainer can push the branch to this repository. Otherwise set them there, or leave it: code that nobody has read sees none (docs/github.md)',
        'secrets',
      )
    : new Fault(what, 'docs/github.md lists them; this job must name that environment', 'secrets');
}

/** Debug logs of Terraform and of the Docker provider print registry passwords and whole services. */
function loudLogs(env: Shell): Fault[] {
  return Object.keys(env)
    .filter((name) => /^TF_LOG(_|$)/.test(name) && name !== 'TF_LOG_PATH' && env[name])
    .sort()
    .map(
      (name) =>
        new Fault(
          `${name} is set, and such a log prints passwords`,
          `remove it from the workflow, the repository's variables or the runner; look into it on your own machine`,
          name,
        ),
    );
}
