import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { probeSecondWriter } from '../../../../operations/state/second-writer';
import { type Faults, S3_CREDENTIALS, S3StandIn } from '../../../support/programs/s3';
import { describeWithTerraform } from '../../../support/programs/terraform';
import { backendOf } from './backends';

describeWithTerraform('Terraform', () => {
  const against = async (faults: Faults) => {
    const standIn = await S3StandIn.start('b', faults);
    try {
      const { settings } = backendOf({ kind: 's3', bucket: 'b', region: 'gra', endpoint: standIn.endpoint });
      return await probeSecondWriter({ s3: settings }, S3_CREDENTIALS);
    } finally {
      await standIn.stop();
    }
  };

  test('is refused a state that another run holds', async () => {
    expect(await against({})).toEqual({ outcome: 'refused', words: '' });
  });

  // No error, no warning: what makes the doctor worth its time.
  test('is let in by a store that ignores If-None-Match', async () => {
    expect(await against({ ignoresConditions: true })).toEqual({ outcome: 'admitted', words: '' });
  });

  test('says itself why a store cannot be used', async () => {
    const { outcome, words } = await against({ refusesConditions: true });
    expect(outcome).toBe('failed');
    expect(words).toContain('NotImplemented');
  });

  test('locks a file, too', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'local-'));
    try {
      expect(await probeSecondWriter({ local: { path: join(folder, 'x.tfstate') } })).toMatchObject({
        outcome: 'refused',
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

test('a machine without Terraform is told what to install', async () => {
  const { TERRAFORM_BINARY_NAME: before } = process.env;
  process.env.TERRAFORM_BINARY_NAME = '/nowhere/terraform';
  try {
    const { outcome, words } = await probeSecondWriter({ local: {} });
    expect(outcome).toBe('failed');
    expect(words).toContain('there is no /nowhere/terraform on this machine');
  } finally {
    if (before === undefined) delete process.env.TERRAFORM_BINARY_NAME;
    else process.env.TERRAFORM_BINARY_NAME = before;
  }
});
