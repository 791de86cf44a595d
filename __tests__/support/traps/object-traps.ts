import { homedir, tmpdir } from 'node:os';
import { type Json, somewhere } from '../platform/template';
import { first, list, resources, type Trap } from './trap';

const OBJECTS = ['docker_config', 'docker_secret'];
/** What only Terraform knows, and only at apply, can be no key of a for_each. */
const GENERATED = /^\$\{base64encode\(tls_\w+\.\w+\.(cert_pem|private_key_pem)\)\}$/;

const objects = (stack: Json) => OBJECTS.flatMap((type) => resources(stack, type));
const namespace = (stack: Json): string => first(stack, 'docker_network').labels[0].value;

/** Where a value comes from that nobody may see: a sensitive variable, a file on this machine, the tls provider. */
function isHidden(data: string, stack: Json): boolean {
  // Of itself, or hashed with what it is for.
  const [, kind, name] =
    /^\$\{base64encode\((?:sha256\("[\w/-]+\/\$\{)?(var|local)\.(\w+)(?:\}"\))?\)\}$/.exec(data) ?? [];
  if (kind === 'var') return stack.variable[name!]?.sensitive === true;
  if (kind === 'local') return /^\$\{sensitive\(file\("[^"$]+"\)\)\}$/.test(stack.locals[name!]);
  return GENERATED.test(data);
}

function* strings(value: Json): Iterable<string> {
  if (typeof value === 'string') yield value;
  else if (typeof value === 'object' && value !== null) {
    for (const item of Object.values<Json>(value)) yield* strings(item);
  }
}

export const objectTraps: Trap[] = [
  {
    claim:
      'going back after a failed deploy collides with nothing: the address of a config or secret has its hash',
    check: (stack) =>
      objects(stack).flatMap(([name, { for_each, data, name: label }]) => {
        if (GENERATED.test(data)) return for_each === undefined ? [] : [`${name} loops over an unknown`];
        const literal = /^\$\{toset\(\["([0-9a-f]{10})"\]\)\}$/.exec(for_each)?.[1];
        const local = /^\$\{toset\(local\.(\w+)\)\}$/.exec(for_each)?.[1];
        const hashes = literal ?? (local !== undefined && /sha256\(.*\), 0, 10/.test(stack.locals[local]));
        const ending = literal ?? '${each.key}';
        return hashes && label.endsWith(`_${ending}`) ? [] : [`${name}: ${for_each} with the name ${label}`];
      }),
    break: (stack) => delete first(stack, 'docker_config').for_each,
  },
  {
    claim: 'a new value is a new object: the name of a config or secret ends in a hash of its content',
    check: (stack) =>
      objects(stack).flatMap(([name, { name: label }]) =>
        label.startsWith(`${namespace(stack)}_`) &&
        /_([0-9a-f]{10}|\$\{each\.key\}|\$\{substr\(sha256\(.+\), 0, 10\)\})$/.test(label)
          ? []
          : [`${name} is called ${label}`],
      ),
    break: (stack) => (first(stack, 'docker_config').name = `${namespace(stack)}_launcher`),
  },
  {
    claim:
      'no task loses the object it uses: configs and secrets are created before the older ones are destroyed',
    check: (stack) =>
      objects(stack).flatMap(([name, { lifecycle }]) =>
        lifecycle?.create_before_destroy === true ? [] : [`${name} is destroyed first`],
      ),
    break: (stack) => delete first(stack, 'docker_secret').lifecycle.create_before_destroy,
  },
  {
    claim: 'no secret is in the stack: its data is a sensitive variable, a file or made by the tls provider',
    check: (stack) =>
      resources(stack, 'docker_secret').flatMap(([name, { data }]) =>
        isHidden(data, stack) ? [] : [`${name} has the data ${data}`],
      ),
    break: (stack) => (first(stack, 'docker_secret').data = 'aHVudGVyMg=='),
  },
  {
    claim:
      'no error prints a secret: sensitive variables have no validation, and secrets have a precondition',
    check: (stack) => [
      ...Object.entries<Json>(stack.variable).flatMap(([name, { sensitive, validation }]) =>
        sensitive && list(validation).length > 0 ? [`var.${name} is validated and would be printed`] : [],
      ),
      ...resources(stack, 'docker_secret').flatMap(([name, { data, lifecycle }]) =>
        GENERATED.test(data) || list(lifecycle.precondition).length > 0 ? [] : [`${name} is not checked`],
      ),
    ],
    break: (stack) =>
      (stack.variable.db_password.validation = [{ condition: 'false', error_message: 'too short' }]),
  },
  {
    claim:
      'a step that fails says why: nothing sensitive is in a provisioner, where it would hide all output',
    check: (stack) =>
      resources(stack, 'null_resource').flatMap(([name, step]) =>
        [...strings(step)].flatMap((text) =>
          [...text.matchAll(/\bvar\.(\w+)/g)]
            .filter(([, variable]) => stack.variable[variable!]?.sensitive)
            .map(([reference]) => `${name} has ${reference}`),
        ),
      ),
    break: (stack) => (first(stack, 'null_resource').triggers.password = '${var.db_password}'),
  },
  {
    claim: 'a second plan replaces no network: options and ipam_options are ignored',
    check: (stack) =>
      resources(stack, 'docker_network').flatMap(([name, { lifecycle }]) =>
        ['options', 'ipam_options']
          .filter((field) => !lifecycle?.ignore_changes?.includes(field))
          .map((field) => `${name}: ${field} is not ignored`),
      ),
    break: (stack) => (first(stack, 'docker_network').lifecycle.ignore_changes = ['labels']),
  },
  {
    claim: 'the stack applies on any machine: no path of this one is in it',
    check: (stack) => {
      // The folder of ssh's shared connection is a matter of the user's home, and the same for everybody in it.
      const roots = [process.cwd(), homedir(), tmpdir()];
      const paths = [...strings(somewhere(stack))].filter((text) =>
        roots.some((root) => text.includes(`${root}/`)),
      );
      const state = stack.terraform.backend?.local?.path;
      return [...paths, ...(state?.startsWith('/') ? [`state in ${state}`] : [])];
    },
    break: (stack) => (first(stack, 'null_resource').triggers.script = `${process.cwd()}/dist/rollout.js`),
  },
  {
    claim: 'the state is where somebody decided: there is a backend',
    check: ({ terraform: { backend } }) =>
      Object.keys(backend ?? {}).length === 1 ? [] : [`backends: ${JSON.stringify(backend)}`],
    break: (stack) => delete stack.terraform.backend,
  },
  {
    claim: 'nobody deploys to a machine that only looks like the server: host keys are checked',
    check: (stack) =>
      stack.provider.docker.flatMap(({ host, ssh_opts = [] }: Json) => [
        ...(host.startsWith('ssh://') ? [] : [`the daemon is reached by ${host}`]),
        ...(ssh_opts.includes('StrictHostKeyChecking=yes') ? [] : ['StrictHostKeyChecking is not yes']),
        ...ssh_opts.filter((option: string) => /KnownHostsFile=\/dev\/null/.test(option)),
      ]),
    break: (stack) => (stack.provider.docker[0].ssh_opts = ['-o', 'StrictHostKeyChecking=accept-new']),
  },
  {
    claim: 'no field is dropped without a word: each provider is asked for in exactly one version',
    check: ({ terraform: { required_providers } }) => {
      const missing = ['docker', 'null', 'tls'].filter((name) => !(name in required_providers));
      const loose = Object.entries<Json>(required_providers).filter(
        ([, { version }]) => !/^\d+\.\d+\.\d+$/.test(version),
      );
      return [...missing, ...loose.map(([name, { version }]) => `${name} ${version}`)];
    },
    break: (stack) => (stack.terraform.required_providers.docker.version = '~> 3.6'),
  },
  {
    claim: 'docker stack services lists everything: all names and labels are of one namespace',
    check: (stack) => {
      const prefix = `${namespace(stack)}_`;
      return ['docker_network', 'docker_service', 'docker_secret'].flatMap((type) =>
        resources(stack, type).flatMap(([name, { name: label, labels }]) =>
          label.startsWith(prefix) && labels?.length === 1 && labels[0].value === namespace(stack)
            ? []
            : [`${type}.${name} is ${label}, ${JSON.stringify(labels)}`],
        ),
      );
    },
    break: (stack) => delete first(stack, 'docker_secret').labels,
  },
];
