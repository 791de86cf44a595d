import type { CertificateCheck } from '../../contract/certificate-check';
import type { DeploySettings } from '../../contract/deploy-settings';
import type { PlaceSettings } from '../../contract/place';
import type { ProvisionSettings } from '../../contract/provision';
import { OWN_SCRIPTS } from '../../contract/release';
import type { PlannedRollout } from '../../contract/rollout';
import { codeIn, constantOf, fieldsOf, textsIn } from '../terraform/written';

// biome-ignore lint/suspicious/noExplicitAny: a document that another program wrote
type Json = any;

/** All that this project synthesizes. */
const PARTS = ['//', 'locals', 'output', 'provider', 'resource', 'terraform', 'variable'];
const PROVIDERS = ['docker', 'null', 'tls'];
const OF_TERRAFORM = ['required_providers', 'required_version'];
const RESOURCES =
  /^(docker_(config|network|secret|service)|null_resource|tls_private_key|tls_self_signed_cert)$/;
const COMMAND =
  /^node "\$\{path\.module\}\/assets\/file_(rollout|provision|check-certificate|place)\/file\/\1\.js"$/;

/**
 * How a field of a step's input has to be written. `host` and `ssh` are its way to the server; a `constant` has no
 * expression, since what it says is looked at; with `any` nothing is reached, whatever it says.
 */
type Field = 'host' | 'ssh' | 'constant' | 'any';
const ROLLOUT: Record<keyof PlannedRollout, Field> = {
  host: 'host',
  sshOptions: 'ssh',
  service: 'any',
  planned: 'any',
  timings: 'any',
  certificate: 'constant',
  position: 'any',
};
const PROVISION: Record<keyof ProvisionSettings, Field> = {
  host: 'host',
  sshOptions: 'ssh',
  service: 'any',
  user: 'any',
  databases: 'constant',
  characterSet: 'any',
  collation: 'any',
  password: 'any',
  accounts: 'any',
  sharedAccount: 'any',
  otherRights: 'any',
  backup: 'any',
  phase: 'any',
  deadlineSeconds: 'any',
};
const PLACE: Record<keyof PlaceSettings, Field> = {
  host: 'host',
  sshOptions: 'ssh',
  service: 'any',
  id: 'any',
  volumes: 'any',
  constraints: 'any',
  label: 'any',
  phase: 'any',
};
const CERTIFICATE_CHECK: Record<keyof CertificateCheck, Field> = { serverName: 'any' };
const INPUTS: Readonly<Record<string, Readonly<Record<string, Field>>>> = {
  ROLLOUT,
  PROVISION,
  PLACE,
  CERTIFICATE_CHECK,
};

/** The way to the server as a record has it: for whoever goes back to put in. */
const SERVER = ['@@server@@', '@@host@@'];
const WAY = { host: ['"@@host@@"'], ssh: ['"@@ssh-options@@"', '[]'] };

/** What reads from this machine, as Terraform calls it. */
const READS =
  /(?<!["\w])(file\w*|templatefile|templatestring|pathexpand|provider::[\w:]+)(\s|\/\*[\s\S]*?\*\/|(#|\/\/).*\n)*\(/;
const ASSET = /^assets\/(?!.*\.\.)[\w./-]+$/;
/** What Node.js would load, or heed, for a script of ours. */
const FOR_SCRIPTS = new RegExp(
  `\\.js$|/node_modules/|/package\\.json$|^assets/file_(${OWN_SCRIPTS.join('|')})/`,
);

/**
 * Why a record is none of this project's: it comes from the server, and would run on this machine. Whoever changed it there
 * must get nothing here: no command, no file, no connection to anywhere else.
 *
 * @param stack as it is recorded
 * @param today what was synthesized here
 */
export function strangenessOf(stack: Json, files: Readonly<Record<string, string>>, today: Json): string[] {
  const strange: string[] = [];
  const unless = (isFine: boolean, what: string) => {
    if (!isFine) strange.push(`its record has ${what}, which this project does not write`);
  };
  for (const part of Object.keys(stack)) unless(PARTS.includes(part), `"${part}"`);
  for (const part of Object.keys(stack.terraform ?? {}))
    unless(OF_TERRAFORM.includes(part), `terraform "${part}"`);
  for (const name of Object.keys(stack.provider ?? {}))
    unless(PROVIDERS.includes(name), `the provider "${name}"`);
  for (const field of Object.keys(stack.provider?.docker?.[0] ?? {}))
    unless(field === 'dynamic', `docker "${field}"`);
  for (const [type, all] of Object.entries<Json>(stack.resource ?? {})) {
    unless(RESOURCES.test(type), `"${type}"`);
    // To Terraform a list is as good, and has its commands where nobody here would look.
    unless([all, ...Object.values(all ?? {})].every(isObject), `"${type}" in another form`);
  }
  for (const name of Object.keys(files))
    unless(ASSET.test(name) && !FOR_SCRIPTS.test(name), `the file "${name}"`);
  for (const body of bodiesOf(stack)) unless(body?.connection === undefined, 'a connection');
  const entrances = entrancesOf(today);
  for (const provisioner of stepsOf(stack)) unless(isStep(provisioner, entrances), 'a command');
  const allowed = callsIn(today);
  for (const text of textsIn(stack)) {
    const rest = allowed.reduce((left, call) => left.replaceAll(call, ''), withoutAssets(text));
    // What stands in quotes is nothing that Terraform would do.
    if (/[$%]\{/.test(text)) unless(!READS.test(codeIn(rest) ?? rest), 'a file of this machine');
  }
  return [...new Set(strange)];
}

function isStep(provisioner: Json, entrances: readonly unknown[]): boolean {
  const { 'local-exec': run, ...others } = provisioner ?? {};
  const { command, environment = {}, when, ...more } = run ?? {};
  return (
    Object.keys(others).length === 0 &&
    Object.keys(more).length === 0 &&
    (when === undefined || when === 'destroy') &&
    COMMAND.test(command) &&
    Object.entries<string>(environment).every(([name, text]) => isInput(name, text, entrances))
  );
}

function isInput(name: string, text: string, entrances: readonly unknown[]): boolean {
  const known = Object.hasOwn(INPUTS, name) ? INPUTS[name] : undefined;
  const fields = fieldsOf(text);
  if (!known || !fields) return false;
  const isThere = (field: string) => !['host', 'ssh'].includes(known[field]!) || fields.has(field);
  if (!Object.keys(known).every(isThere)) return false;
  return [...fields].every(([field, value]) => {
    const kind = Object.hasOwn(known, field) ? known[field] : undefined;
    if (kind === 'host' || kind === 'ssh') return WAY[kind].includes(value);
    return kind === 'constant' ? isHarmless(constantOf(value), entrances) : kind === 'any';
  });
}

/** Whether it names no other server, and no file but those of a record. */
function isHarmless(constant: Json, entrances: readonly unknown[]): boolean {
  if (constant === undefined) return false;
  return everyField(constant, (name, value) => {
    if (name === 'host') return [...SERVER, ...entrances].includes(value);
    if (name === 'schemaFile') return typeof value === 'string' && ASSET.test(value);
    return name !== 'sshOptions';
  });
}

function everyField(value: Json, isFine: (name: string, value: Json) => boolean): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return Object.entries<Json>(value).every(
    ([name, inner]) => (Array.isArray(value) || isFine(name, inner)) && everyField(inner, isFine),
  );
}

/** Where today's gates look at the certificate: behind a proxy, at the server's public name. */
function entrancesOf(stack: Json): unknown[] {
  return stepsOf(stack).flatMap(({ 'local-exec': run }) => {
    const certificate = fieldsOf(run?.environment?.ROLLOUT ?? '')?.get('certificate');
    const { host } = (constantOf(certificate ?? '')?.is ?? {}) as Json;
    return host === undefined ? [] : [host];
  });
}

const isObject = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const bodiesOf = (stack: Json): Json[] =>
  Object.values<Json>(stack.resource ?? {}).flatMap((all) => Object.values<Json>(all));

const stepsOf = (stack: Json): Json[] => bodiesOf(stack).flatMap((body) => body?.provisioner ?? []);

const withoutAssets = (text: string): string =>
  text.replace(/\bfilesha256\("(assets\/[\w./-]+)"\)/g, (call, path) => (ASSET.test(path) ? '' : call));

/** The files that today's stack reads, as it reads them. */
function callsIn(stack: Json): string[] {
  const reading = textsIn(stack).filter((text) => READS.test(codeIn(text) ?? text));
  const calls = reading.flatMap((text) => [...text.matchAll(/\bfile\w*\("[^"]*"\)/g)].map(([call]) => call));
  return [...new Set(calls)];
}

/**
 * What only this machine may say: commands that print secrets, and files; and how many releases stay, since those that an
 * older catalogue would let go are the ones that lead forward again.
 */
const OWN: readonly (keyof DeploySettings)[] = [
  'commands',
  'certificateFile',
  'privateKeyFile',
  'keepReleases',
];

export function withOwnSettings(stack: Json, today: Json): Json {
  const isOwn = ([name]: [string, unknown]) => (OWN as readonly string[]).includes(name);
  const own = Object.entries(today['//']?.deploy ?? {}).filter(isOwn);
  const others = Object.entries(stack['//']?.deploy ?? {}).filter((entry) => !isOwn(entry));
  return { ...stack, '//': { ...stack['//'], deploy: Object.fromEntries([...others, ...own]) } };
}
