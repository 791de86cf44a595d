import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { terraform } from '../../../../operations/terraform/run';
import { readContents } from '../../../../operations/terraform/state-contents';
import { S3_CREDENTIALS, S3StandIn } from '../../../support/programs/s3';
import { testWithTerraform } from '../../../support/programs/terraform';
import { stateOf } from '../../../unit/operations/state/states';
import { backendOf } from '../state/backends';

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
        /the state cannot be read, nothing was changed[\s\S]*\.\/proctor state doctor/,
      );
    } finally {
      await standIn.stop();
      rmSync(folder, { recursive: true });
    }
  },
);
