import type { StateSpec } from '../../../../constructs/swarm';
import { synthStack } from '../../../support/platform/template';

const backend = (state: StateSpec) => synthStack(() => {}, { state }).json.terraform.backend;

test.each<[StateSpec, string]>([
  [{ kind: 'local' }, '../../../terraform.swarm.tfstate'],
  [{ kind: 'local', directory: '.lab' }, '../../../.lab/terraform.swarm.tfstate'],
  [{ kind: 'local', directory: '/var/lib/state' }, '/var/lib/state/terraform.swarm.tfstate'],
])('%j is a file beside the project, wherever that is', (state, path) => {
  expect(backend(state)).toEqual({ local: { path } });
});

test('a bucket is encrypted and locked with a file, and holds no credentials', () => {
  expect(backend({ kind: 's3', bucket: 'acme-state', region: 'eu-west-3' })).toEqual({
    s3: {
      bucket: 'acme-state',
      key: 'swarm.tfstate',
      region: 'eu-west-3',
      encrypt: true,
      use_lockfile: true,
    },
  });
});

test('a bucket elsewhere than at AWS is asked for nothing that only AWS has', () => {
  const endpoint = 'https://s3.gra.io.cloud.ovh.net';
  expect(backend({ kind: 's3', bucket: 'b', region: 'gra', endpoint }).s3).toMatchObject({
    endpoints: { s3: endpoint },
    use_path_style: true,
    use_lockfile: true,
    skip_credentials_validation: true,
    skip_region_validation: true,
    skip_requesting_account_id: true,
    skip_metadata_api_check: true,
    skip_s3_checksum: true,
  });
});

test('a bucket needs a Terraform that has lock files; an older one would say only that it does not know the word', () => {
  const version = (state: StateSpec) => synthStack(() => {}, { state }).json.terraform.required_version;
  expect(version({ kind: 's3', bucket: 'b', region: 'gra' })).toBe('>= 1.10.0');
  expect(version({ kind: 'pg' })).toBe('>= 1.5.0');
});

test.each(['acme', '/acme/', 'acme/'])('platforms share a bucket by a prefix, written %s', (prefix) => {
  expect(backend({ kind: 's3', bucket: 'b', region: 'gra', prefix }).s3.key).toBe('acme/swarm.tfstate');
});

test('platforms share a database by a schema', () => {
  expect(backend({ kind: 'pg', schema: 'acme' }).pg.schema_name).toBe('acme');
});

test('PostgreSQL gets no connection string: Terraform reads PG_CONN_STR, and writes no password down', () => {
  // null is Terraform's word for absent.
  expect(backend({ kind: 'pg' })).toEqual({ pg: { schema_name: 'terraform_swarm', conn_str: null } });
});
