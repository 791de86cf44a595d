import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Where a synthesized stack keeps its state. `settings` is the block as Terraform reads it. */
export type Backend =
  | { readonly kind: 'local'; readonly path: string; readonly settings: Settings }
  | {
      readonly kind: 's3';
      readonly bucket: string;
      readonly key: string;
      readonly region: string;
      /** Without a slash at its end; absent for AWS. */
      readonly endpoint?: string;
      readonly settings: Settings;
    }
  | { readonly kind: 'pg'; readonly schema: string; readonly settings: Settings };

type Settings = Readonly<Record<string, unknown>>;

/** The backend of a synthesized stack. */
export const readBackend = (stackFolder: string): Backend =>
  backendOf(JSON.parse(readFileSync(join(stackFolder, 'cdk.tf.json'), 'utf8')));

/**
 * The backend in a stack's JSON.
 *
 * @throws when it is one that this project does not synthesize
 */
// biome-ignore lint/suspicious/noExplicitAny: a document that another program wrote
export function backendOf(stack: any): Backend {
  const { local, s3, pg } = stack.terraform?.backend ?? {};
  if (local) return { kind: 'local', path: local.path, settings: local };
  if (pg) return { kind: 'pg', schema: pg.schema_name, settings: pg };
  if (s3) {
    const { bucket, key, region } = s3;
    const endpoint: string | undefined = s3.endpoints?.s3;
    return {
      kind: 's3',
      bucket,
      key,
      region,
      settings: s3,
      ...(endpoint ? { endpoint: endpoint.replace(/\/+$/, '') } : {}),
    };
  }
  throw new Error(
    `the state has no backend that is known here\n  set state in services.config.ts to kind 's3', 'pg' or 'local'`,
  );
}

/** Where a local state is. Terraform runs in cdktf.out/stacks/<stack>, and the path leads out of that. */
export const localPath = ({ path }: Backend & { kind: 'local' }, projectFolder: string): string =>
  resolve(projectFolder, 'cdktf.out', 'stacks', 'stack', path);

/** For people, and without any credential. */
export function backendInWords(backend: Backend): string {
  switch (backend.kind) {
    case 'local':
      return `the file ${backend.path.replace(/^(\.\.\/)+/, '')}`;
    case 's3':
      return `${backend.key} in the bucket ${backend.bucket} at ${backend.endpoint ?? 'AWS'}`;
    case 'pg':
      return `the schema ${backend.schema} of the database in PG_CONN_STR`;
  }
}
