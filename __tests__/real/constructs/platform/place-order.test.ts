import { join } from 'node:path';
import type { PlatformSpec } from '../../../../constructs';
import { catalogue } from '../../../support/platform/catalogue';
import { DIGEST, Workplace } from '../../../support/platform/platform';
import { describeWithTerraform } from '../../../support/programs/terraform';
import { TerraformOrder } from '../../../support/programs/terraform-order';

const VARIABLES = {
  db_password: 'correct-horse-battery',
  session_key: 'x'.repeat(32),
  smtp_host: 'mail.example.com',
  registry_username: 'acme',
  registry_password: 'not-a-secret',
};

/** When a look at a backend's data comes, as Terraform itself orders it. */
describeWithTerraform('the look at the data', () => {
  const workplace = new Workplace();
  afterAll(() => workplace.remove());
  const { kafka } = catalogue.backends!;
  const other: PlatformSpec = {
    ...catalogue,
    backends: {
      ...catalogue.backends,
      kafka: { ...kafka, spec: { ...kafka.spec, image: 'kafka:5' } },
    } as never,
  };
  const synth = (spec: PlatformSpec) =>
    workplace.synth(spec, 'lab', undefined, { imageLock: { 'kafka:5': DIGEST } }).json;

  test('comes before a change of its service, and before no other', () => {
    const order = new TerraformOrder(join(workplace.folder, 'order'), VARIABLES);
    order.apply(synth(catalogue));
    const steps = order.plan(synth(other));
    const look = 'null_resource.kafka_data (destroy)';
    expect([...(steps.get('docker_service.kafka') ?? [])]).toContain(look);
    expect([...(steps.get('null_resource.kafka_data') ?? [])]).toContain('null_resource.kafka_rollout');
    expect([...steps.keys()]).not.toContain('null_resource.mariadb_data (destroy)');
    // What it does is done with the service as it is.
    expect([...(steps.get(look) ?? [])]).not.toContain('docker_service.kafka');
  });
});
