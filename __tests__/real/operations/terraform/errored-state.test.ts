import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeErroredState } from '../../../../operations/terraform/errored-state';
import { terraform } from '../../../../operations/terraform/run';
import { until } from '../../../support/programs/driver';
import { S3_CREDENTIALS, S3StandIn } from '../../../support/programs/s3';
import { testWithTerraform } from '../../../support/programs/terraform';
import { backendOf } from '../state/backends';

testWithTerraform(
  'what an apply made while its bucket took no state is known to the next deploy',
  async () => {
    const bucket = await S3StandIn.start('b');
    const folder = mkdtempSync(join(tmpdir(), 'errored-'));
    const run = { folder, env: S3_CREDENTIALS };
    const errored = join(folder, 'errored.tfstate');
    const said: string[] = [];
    const write = () => writeErroredState(run, (line) => said.push(line));
    const known = async () => (await terraform(['state', 'list'], run)).output.trim();
    try {
      const { settings } = backendOf({ kind: 's3', bucket: 'b', region: 'gra', endpoint: bucket.endpoint });
      const command = 'touch began; until [ -e go ]; do sleep 0.1; done';
      const made = { provisioner: [{ 'local-exec': { command } }] };
      const stack = { terraform: { backend: { s3: settings } }, resource: { terraform_data: { made } } };
      writeFileSync(join(folder, 'cdk.tf.json'), JSON.stringify(stack));
      await terraform(['init'], run);
      await write();

      const applying = terraform(['apply', '-auto-approve', '-lock=false'], run);
      await until(() => existsSync(join(folder, 'began')), 30);
      bucket.takesNothing = true;
      writeFileSync(join(folder, 'go'), '');
      expect(await applying).toMatchObject({ code: 1 });
      expect(existsSync(errored)).toBe(true);
      await expect(write()).rejects.toThrow(
        /^an earlier apply could not write its state, which is in .*errored\.tfstate; .*state push failed/,
      );
      expect(existsSync(errored)).toBe(true);

      bucket.takesNothing = false;
      expect(await known()).toBe('');
      await write();
      expect(await known()).toBe('terraform_data.made');
      expect(existsSync(errored)).toBe(false);
      expect(said).toEqual(['the state that an earlier apply could not write is written now']);
    } finally {
      await bucket.stop();
      rmSync(folder, { recursive: true });
    }
  },
);
