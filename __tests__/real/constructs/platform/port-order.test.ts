import { join } from 'node:path';
import type { PlatformSpec } from '../../../../constructs';
import { catalogue } from '../../../support/platform/catalogue';
import { Workplace } from '../../../support/platform/platform';
import { describeWithTerraform } from '../../../support/programs/terraform';
import { TerraformOrder } from '../../../support/programs/terraform-order';

const VARIABLES = {
  db_password: 'correct-horse-battery',
  session_key: 'x'.repeat(32),
  smtp_host: 'mail.example.com',
  registry_username: 'acme',
  registry_password: 'not-a-secret',
};
const withEdge: PlatformSpec = catalogue;
const withoutEdge: PlatformSpec = { ...withEdge, nginx: { ...withEdge.nginx, edge: false } };

/** Who lets a published port go before whom, as Terraform itself orders it. */
describeWithTerraform('a port that moves', () => {
  const workplace = new Workplace();
  afterAll(() => workplace.remove());
  const synth = (spec: PlatformSpec) => workplace.synth(spec, 'lab').json;
  function stepsBefore(from: PlatformSpec, to: PlatformSpec, name: string) {
    const order = new TerraformOrder(join(workplace.folder, name), VARIABLES);
    order.apply(synth(from));
    const steps = order.plan(synth(to));
    return (step: string) => [...(steps.get(step) ?? [])];
  }

  test('from nginx to the edge: the edge comes right after nginx, with nothing between but nginx’s gate', () => {
    const before = stepsBefore(withoutEdge, withEdge, 'on');
    expect(before('docker_service.edge')).toEqual(
      expect.arrayContaining(['docker_service.nginx', 'null_resource.nginx_rollout']),
    );
    const between = before('docker_service.edge').filter(
      (step) =>
        before(step).includes('docker_service.nginx') &&
        !/^(var|local)\.|\((expand|destroy)\)|provider/.test(step),
    );
    expect(between).toEqual(['null_resource.nginx_rollout']);
  });

  test('from the edge to nginx: the edge is gone before nginx is told to take the ports', () => {
    const before = stepsBefore(withEdge, withoutEdge, 'off');
    expect(before('docker_service.nginx')).toContain('docker_service.edge (destroy)');
  });
});
