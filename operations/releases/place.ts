import { parseDockerHost } from '../docker/host';

// biome-ignore lint/suspicious/noExplicitAny: a document that another program wrote
type Json = any;

/** Stand for what a machine knows and a record must not: in gates' inputs, which are HCL in a text. */
const HOST = '"@@host@@"';
/** The same server by its name or address alone: where its certificate is looked at. */
const SERVER = '"@@server@@"';
const SSH_OPTIONS = '"@@ssh-options@@"';

/** A synthesized stack without the place of its state, and without the way to the server. */
export function withoutPlace(stack: Json): Json {
  const [provider] = stack.provider.docker;
  const { backend: _, ...terraform } = stack.terraform;
  const { host, ssh_opts, ...rest } = provider;
  const replaced = inSteps(stack, [
    [listInHcl(ssh_opts ?? []), SSH_OPTIONS],
    [textInHcl(host), HOST],
    [textInHcl(serverOf(host)), SERVER],
  ]);
  return { ...replaced, terraform, provider: { ...stack.provider, docker: [rest] } };
}

/** The same with the place of another one: today's state, today's way to the server. */
export function withPlaceOf(recorded: Json, today: Json): Json {
  const [provider] = today.provider.docker;
  const { host, ssh_opts } = provider;
  const replaced = inSteps(recorded, [
    [SSH_OPTIONS, listInHcl(ssh_opts ?? [])],
    [HOST, textInHcl(host)],
    [SERVER, textInHcl(serverOf(host))],
  ]);
  const [rest] = recorded.provider.docker;
  const docker = [{ ...rest, host, ...(ssh_opts ? { ssh_opts } : {}) }];
  return {
    ...replaced,
    terraform: { ...recorded.terraform, backend: today.terraform.backend },
    provider: { ...recorded.provider, docker },
  };
}

/** As Terraform writes values into a text: JSON but for templates, which none of these has. */
const textInHcl = (text: string): string => JSON.stringify(text);
const listInHcl = (list: readonly string[]): string => `[${list.map(textInHcl).join(', ')}]`;

function serverOf(host: string): string {
  const target = parseDockerHost(host);
  return target.kind === 'ssh' ? target.host : 'localhost';
}

function inSteps(stack: Json, pairs: readonly (readonly [from: string, to: string])[]): Json {
  const { null_resource: steps = {}, ...others } = stack.resource ?? {};
  const replaced = mapTexts(steps, (text) =>
    pairs.reduce((rest, [from, to]) => (from === '[]' ? rest : rest.replaceAll(from, () => to)), text),
  );
  return { ...stack, resource: { ...others, null_resource: replaced } };
}

export function mapTexts(value: Json, change: (text: string) => string): Json {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, change));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapTexts(item, change)]));
}
