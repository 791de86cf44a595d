import { mapTexts } from './place';

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
const INPUTS = ['ROLLOUT', 'PROVISION', 'PLACE', 'CERTIFICATE_CHECK'];
/** A gate's own way to the server, and nothing that leads elsewhere. */
const WAY = /^\$\{jsonencode\(\{"host" = "@@host@@", "sshOptions" = "@@ssh-options@@", /;
const OTHER_WAY = /\bsshOptions\b|\bhost"?\s*[=:](?!\s*"@@(server|host)@@")|\\u|[{,]\s*\(/i;
/** What reads from this machine, as Terraform calls it. */
const READS =
  /(?<!["\w])(file\w*|templatefile|pathexpand|provider::[\w:]+)(\s|\/\*[\s\S]*?\*\/|(#|\/\/).*\n)*\(/;
const ASSET = /^assets\/(?!.*\.\.)[\w./-]+$/;

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
  for (const type of Object.keys(stack.resource ?? {})) unless(RESOURCES.test(type), `"${type}"`);
  for (const name of Object.keys(files))
    unless(ASSET.test(name) && !name.endsWith('.js'), `the file "${name}"`);
  for (const body of Object.values<Json>(stack.resource ?? {}).flatMap((all) => Object.values<Json>(all))) {
    unless(body.connection === undefined, 'a connection');
    for (const provisioner of body.provisioner ?? []) unless(isStep(provisioner), 'a command');
  }
  const allowed = callsIn(today);
  mapTexts(stack, (text) => {
    const rest = allowed.reduce((left, call) => left.replaceAll(call, ''), withoutAssets(text));
    if (/[$%]\{/.test(text)) unless(!READS.test(rest), 'a file of this machine');
    return text;
  });
  return [...new Set(strange)];
}

function isStep(provisioner: Json): boolean {
  const { 'local-exec': run, ...others } = provisioner;
  const { command, environment = {}, when, ...more } = run ?? {};
  return (
    Object.keys(others).length === 0 &&
    Object.keys(more).length === 0 &&
    (when === undefined || when === 'destroy') &&
    COMMAND.test(command) &&
    Object.entries<string>(environment).every(([name, text]) => INPUTS.includes(name) && isInput(name, text))
  );
}

function isInput(name: string, text: string): boolean {
  const rest = name === 'CERTIFICATE_CHECK' ? text : text.replace(WAY, ', ');
  const files = [...text.matchAll(/"schemaFile" = "([^"]*)"/g)].map(([, path = '']) => path);
  const named = [...text.matchAll(/schemaFile/g)].length === files.length;
  return (
    (name === 'CERTIFICATE_CHECK' || rest !== text) &&
    !OTHER_WAY.test(rest) &&
    named &&
    files.every((path) => ASSET.test(path))
  );
}

const withoutAssets = (text: string): string =>
  text.replace(/\bfilesha256\("(assets\/[\w./-]+)"\)/g, (call, path) => (ASSET.test(path) ? '' : call));

/** The files that today's stack reads, as it reads them. */
function callsIn(stack: Json): string[] {
  const calls: string[] = [];
  mapTexts(stack, (text) => {
    calls.push(...[...text.matchAll(/\bfile\w*\("[^"]*"\)/g)].map(([call]) => call));
    return text;
  });
  return [...new Set(calls)];
}

/** What only this machine may say: commands that print secrets, and files. */
export function withOwnSettings(stack: Json, today: Json): Json {
  const { commands, certificateFile, privateKeyFile } = today['//']?.deploy ?? {};
  const own = Object.fromEntries(
    Object.entries({ commands, certificateFile, privateKeyFile }).filter(([, value]) => value !== undefined),
  );
  const { commands: _c, certificateFile: _f, privateKeyFile: _k, ...deploy } = stack['//']?.deploy ?? {};
  return { ...stack, '//': { ...stack['//'], deploy: { ...deploy, ...own } } };
}
