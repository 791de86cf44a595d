import { platform as shop } from '../../../examples/shop/services.config';
import { Workplace } from '../../support/platform/platform';

const workplace = new Workplace();
afterAll(() => workplace.remove());
const { resource, terraform } = workplace.synth(shop).json;

test('the shop breaks no rule, and has its own backend beside MariaDB', () => {
  expect(Object.keys(resource.docker_service).sort()).toEqual(
    ['cache', 'certbot', 'edge', 'mariadb', 'nginx', 'orders', 'storefront'].sort(),
  );
  expect(terraform.backend.s3).toMatchObject({ bucket: 'shop-state', key: 'swarm.tfstate' });
});

test('its own backend is gated before the applications that use it', () => {
  const { storefront, orders } = resource.docker_service;
  const gates = ['mariadb_rollout', 'cache_rollout', 'mariadb_prepare'].map(
    (name) => `null_resource.${name}`,
  );
  expect(storefront.depends_on.sort()).toEqual(gates.sort());
  expect(orders.depends_on.sort()).toEqual(gates.sort());
});

test('its password is in a secret alone', () => {
  const { cache, storefront } = resource.docker_service;
  const { command, secrets } = cache.task_spec.container_spec;
  expect(command.at(-1)).toContain('/run/secrets/cache_password');
  expect(secrets).toMatchObject([{ file_name: 'cache_password' }]);
  expect(storefront.task_spec.container_spec.args).toContain(
    'CACHE_URL=redis://:{cache_password}@cache:6379/0',
  );
});
