import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ensureCommand } from '../ground/packages';
import type { LabPaths } from '../ground/paths';
import { run } from '../ground/shell';
import { dockerOverSsh } from './docker';
import { ownValue } from './own-secrets';
import { hashOf } from './secrets';
import { type LabTarget, NAMESPACE } from './target';

const CERTIFICATE = 'tls_self_signed_certificate';
const KEY = 'tls_self_signed_key';

/**
 * Creates the secrets that the compose form expects, under the names that Terraform gives them, so that going from one
 * to the other replaces nothing.
 *
 * @param ids the names in the compose file
 * @returns the variables that tell the compose file their full names
 */
export async function ensureExternalSecrets(
  target: LabTarget,
  ids: readonly string[],
): Promise<Record<string, string>> {
  const existing = (await dockerOverSsh(target, ['secret', 'ls', '--format', '{{.Name}}'])).split('\n');
  const names: Record<string, string> = { ...(await mountedPair(target)) };
  const wanted = ids.filter((id) => names[id] === undefined);
  for (const [id, { name, value }] of Object.entries(await objects(target, wanted))) {
    names[id] = name;
    if (existing.includes(name)) continue;
    const label = `com.docker.stack.namespace=${NAMESPACE}`;
    await dockerOverSsh(target, ['secret', 'create', '--label', label, name, '-'], value);
  }
  return Object.fromEntries(Object.entries(names).map(([id, name]) => [`${id.toUpperCase()}_SECRET`, name]));
}

async function objects(
  target: LabTarget,
  ids: readonly string[],
): Promise<Record<string, { name: string; value: string }>> {
  const pair = ids.includes(CERTIFICATE) ? await ensurePair(target.lab.paths) : undefined;
  return Object.fromEntries(
    ids.map((id) => {
      if (pair && (id === CERTIFICATE || id === KEY)) {
        const value = id === KEY ? pair.key : pair.certificate;
        return [id, { name: `${NAMESPACE}_${id}_${hashOf('', pair.certificate)}`, value }];
      }
      const own = ownValue(id, target.secrets);
      if (own) {
        const version = hashOf(`${NAMESPACE}/${own.from}/`, own.source);
        return [id, { name: `${NAMESPACE}_${id}_${version}`, value: own.value }];
      }
      const value = target.secrets[id] ?? '';
      return [id, { name: `${NAMESPACE}_${id}_${hashOf(`${NAMESPACE}/${id}/`, value)}`, value }];
    }),
  );
}

/** The pair that nginx has already, Terraform's perhaps: another one would restart it. */
async function mountedPair(target: LabTarget): Promise<Record<string, string>> {
  const format = '{{range .Spec.TaskTemplate.ContainerSpec.Secrets}}{{.SecretName}} {{end}}';
  const text = await dockerOverSsh(target, [
    'service',
    'ls',
    '--quiet',
    '--filter',
    `name=${NAMESPACE}_nginx`,
  ]);
  if (text.trim() === '') return {};
  const names = (
    await dockerOverSsh(target, ['service', 'inspect', '--format', format, `${NAMESPACE}_nginx`])
  ).split(' ');
  const found = [CERTIFICATE, KEY].map((id) => [
    id,
    names.find((name) => name.startsWith(`${NAMESPACE}_${id}_`)),
  ]);
  return found.every(([, name]) => name) ? Object.fromEntries(found) : {};
}

/** A self-signed pair like Terraform's: ECDSA P-256, 90 days. */
async function ensurePair(paths: LabPaths): Promise<{ readonly certificate: string; readonly key: string }> {
  const folder = join(paths.dir, 'tls');
  const at = (name: string) => join(folder, name);
  if (!existsSync(at('fullchain.pem')) || (await expires(at('fullchain.pem')))) {
    await ensureCommand('openssl', ['openssl']);
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { mode: 0o700 });
    const key = [
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-keyout',
      at('privkey.pem'),
    ];
    const subject = [
      '-subj',
      `/CN=localhost/O=${NAMESPACE}`,
      '-addext',
      'subjectAltName=DNS:localhost,IP:127.0.0.1',
    ];
    await run('openssl', ['req', '-x509', ...key, ...subject, '-days', '90', '-out', at('half.pem')]);
    renameSync(at('half.pem'), at('fullchain.pem'));
  }
  return {
    certificate: readFileSync(at('fullchain.pem'), 'utf8'),
    key: readFileSync(at('privkey.pem'), 'utf8'),
  };
}

const expires = (file: string): Promise<boolean> =>
  run('openssl', ['x509', '-in', file, '-noout', '-checkend', String(30 * 86_400)]).then(
    () => false,
    () => true,
  );
