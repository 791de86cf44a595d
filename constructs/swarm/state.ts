import { LocalBackend, PgBackend, S3Backend, type TerraformStack } from './cdktf';

/** Where Terraform keeps what it knows, secrets among it. */
export type StateSpec =
  | {
      /**
       * A file on the machine that deploys; refused under CI.
       * @example kind: 'local'
       * @change restarts nothing; move the state first (docs/state.md)
       */
      readonly kind: 'local';
      /**
       * Folder of the state file, relative to the project.
       * @default the project's folder
       * @example directory: 'state'
       * @change restarts nothing; move the file along
       */
      readonly directory?: string;
    }
  | {
      /**
       * An S3-compatible bucket with a lock file, for real use. Credentials come from `AWS_ACCESS_KEY_ID` and
       * `AWS_SECRET_ACCESS_KEY`, the key that the state is encrypted with from `AWS_SSE_CUSTOMER_KEY`.
       * @example kind: 's3'
       * @change restarts nothing; move the state first (docs/state.md)
       */
      readonly kind: 's3';
      /**
       * The bucket's name.
       * @example bucket: 'example-state'
       * @change restarts nothing; move the state first (docs/state.md)
       */
      readonly bucket: string;
      /**
       * The bucket's region.
       * @example region: 'gra'
       * @change restarts nothing
       */
      readonly region: string;
      /**
       * The server, where it is not AWS.
       * @default AWS
       * @example endpoint: 'https://s3.gra.io.cloud.ovh.net'
       * @change restarts nothing; move the state first (docs/state.md)
       */
      readonly endpoint?: string;
      /**
       * Folder in the bucket, for one that several platforms share.
       * @default the top of the bucket
       * @example prefix: 'shop'
       * @change restarts nothing; move the state first (docs/state.md)
       */
      readonly prefix?: string;
    }
  | {
      /**
       * PostgreSQL; the connection string comes from `PG_CONN_STR`.
       * @example kind: 'pg'
       * @change restarts nothing; move the state first (docs/state.md)
       */
      readonly kind: 'pg';
      /**
       * For a database that several platforms share; the stack `host` takes `<schema>_host`.
       * @default `terraform_<stack>`, for example `terraform_swarm`
       * @example schema: 'shop'
       * @change restarts nothing; move the state first (docs/state.md)
       */
      readonly schema?: string;
    };

/** Terraform's first version that locks with a file in the bucket. */
const LOCK_FILES_SINCE = '>= 1.10.0';

/** Gives the stack its backend. Never the default one: that is an absolute path of the machine that synthesized. */
export function useState(stack: TerraformStack, state: StateSpec): void {
  const id = stack.node.id;
  if (state.kind === 'local') {
    const folder = state.directory ? `${state.directory}/` : '';
    // Relative to cdktf.out/stacks/<stack>, where Terraform runs; that folder is replaced by every synth.
    const path = folder.startsWith('/') ? folder : `../../../${folder}`;
    new LocalBackend(stack, { path: `${path}terraform.${id}.tfstate` });
    return;
  }
  if (state.kind === 'pg') {
    new PgBackend(stack, { connStr: '', schemaName: state.schema ?? `terraform_${id.replaceAll('-', '_')}` });
    // Absent, so that Terraform reads PG_CONN_STR and writes no password into .terraform.
    stack.addOverride('terraform.backend.pg.conn_str', null);
    return;
  }
  new S3Backend(stack, {
    bucket: state.bucket,
    key: `${state.prefix ? `${state.prefix.replace(/^\/+|\/+$/g, '')}/` : ''}${id}.tfstate`,
    region: state.region,
    encrypt: true,
    ...(state.endpoint
      ? {
          endpoints: { s3: state.endpoint },
          usePathStyle: true,
          skipCredentialsValidation: true,
          skipRegionValidation: true,
          skipRequestingAccountId: true,
          skipMetadataApiCheck: true,
          // Others were slow to learn AWS's checksums, or have not.
          skipS3Checksum: true,
        }
      : {}),
  });
  stack.addOverride('terraform.backend.s3.use_lockfile', true);
  stack.addOverride('terraform.required_version', LOCK_FILES_SINCE);
}
