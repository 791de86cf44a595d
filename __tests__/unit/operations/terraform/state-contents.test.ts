import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { terraform } from '../../../../operations/terraform/run';
import { parseContents, readContents } from '../../../../operations/terraform/state-contents';
import { backendOf } from '../../../real/operations/state/backends';
import { S3_CREDENTIALS, S3StandIn } from '../../../support/programs/s3';
import { testWithTerraform } from '../../../support/programs/terraform';
import { stateOf } from '../state/states';

test('no state is an empty one', () => {
  expect(parseContents('')).toEqual([]);
  expect(parseContents('{"version": 4, "serial": 1}')).toEqual([]);
});

test('objects have the addresses of Terraform’s commands, the names of Swarm’s, and no values', () => {
  const known = parseContents(
    stateOf([
      { type: 'docker_service', name: 'users', id: 's1', as: 'acme_users', namespace: 'acme' },
      {
        type: 'docker_config',
        name: 'launcher',
        id: 'c1',
        as: 'acme_launcher_0123456789',
        key: '0123456789',
      },
      {
        type: 'docker_secret',
        name: 'db',
        id: 'x1',
        as: 'acme_db_abcdef0123',
        key: 'abcdef0123',
        data: 'hunter2',
      },
      { type: 'null_resource', name: 'users_rollout', id: '7', as: '' },
    ]),
  );
  expect(known).toEqual([
    {
      address: 'docker_service.users',
      type: 'docker_service',
      id: 's1',
      name: 'acme_users',
      namespace: 'acme',
    },
    expect.objectContaining({ address: 'docker_config.launcher["0123456789"]', namespace: '' }),
    expect.objectContaining({ address: 'docker_secret.db["abcdef0123"]' }),
  ]);
  expect(JSON.stringify(known)).not.toContain('hunter2');
});

test('what waits for its destruction has no address any more', () => {
  const object = { type: 'docker_secret', name: 'tls', as: 'acme_tls_0123456789' };
  const known = parseContents(
    stateOf([
      { ...object, id: 'old', deposed: 'ab12' },
      { ...object, id: 'new' },
    ]),
  );
  expect(known.map(({ id }) => id)).toEqual(['new']);
});

testWithTerraform(
  'a state in a bucket is read with its key, and without it the doctor is named',
  async () => {
    const standIn = await S3StandIn.start('b');
    const folder = mkdtempSync(join(tmpdir(), 'contents-'));
    try {
      const { settings } = backendOf({ kind: 's3', bucket: 'b', region: 'gra', endpoint: standIn.endpoint });
      writeFileSync(
        join(folder, 'main.tf.json'),
        JSON.stringify({ terraform: { backend: { s3: settings } } }),
      );
      const env = { ...S3_CREDENTIALS, AWS_SSE_CUSTOMER_KEY: randomBytes(32).toString('base64') };
      await terraform(['init'], { folder, env });
      expect(await readContents({ folder, env })).toEqual([]);

      const web = { type: 'docker_service', name: 'web', id: 's1', as: 'shop_web', namespace: 'shop' };
      writeFileSync(join(folder, 'pushed.json'), stateOf([web]));
      expect(await terraform(['state', 'push', 'pushed.json'], { folder, env })).toMatchObject({ code: 0 });
      expect((await readContents({ folder, env })).map(({ name }) => name)).toEqual(['shop_web']);
      await expect(readContents({ folder, env: { ...env, AWS_SSE_CUSTOMER_KEY: '' } })).rejects.toThrow(
        /the state cannot be read, nothing was changed[\s\S]*npm run state:doctor/,
      );
    } finally {
      await standIn.stop();
      rmSync(folder, { recursive: true });
    }
  },
);
