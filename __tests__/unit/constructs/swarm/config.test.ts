import { createHash } from 'node:crypto';
import { SwarmConfig } from '../../../../constructs/swarm';
import { synthStack } from '../../../support/platform/template';

const hashOf = (content: string) => createHash('sha256').update(content).digest('hex').slice(0, 10);

const declare = (content: string, id = 'nginx_conf') => {
  let config!: SwarmConfig;
  const template = synthStack((stack) => {
    config = new SwarmConfig(stack, id, { content });
  });
  return { config, resource: template.resource('docker_config', id) };
};

test('its name and its key in Terraform carry the hash of its content', () => {
  const hash = hashOf('events {}\n');
  const { config, resource } = declare('events {}\n');
  expect(config.configName).toBe(`acme_nginx_conf_${hash}`);
  expect(config.configId).toBe(`\${docker_config.nginx_conf["${hash}"].id}`);
  expect(resource).toMatchObject({
    name: `acme_nginx_conf_${hash}`,
    for_each: `\${toset(["${hash}"])}`,
    lifecycle: { create_before_destroy: true },
  });
});

test('other content is another object, equal content the same', () => {
  expect(declare('a').config.configName).not.toBe(declare('b').config.configName);
  expect(declare('a').config.configName).toBe(declare('a').config.configName);
});

test.each(['plain\n', 'größer ✓ 😀', '${var.x} %{ if true }', '\r\n\ttabs'])(
  '%j arrives byte for byte',
  (content) => {
    const { resource } = declare(content);
    expect(Buffer.from(resource.data, 'base64').toString('utf8')).toBe(content);
  },
);

test('takes content up to the limit of Swarm, counted in bytes', () => {
  expect(Buffer.from(declare('x'.repeat(1_023_999)).resource.data, 'base64')).toHaveLength(1_023_999);
});

test.each([
  ['nothing', '', 0],
  ['1,024,000 bytes', 'x'.repeat(1_024_000), 1_024_000],
  ['1,024,000 bytes of fewer characters', 'é'.repeat(512_000), 1_024_000],
])('refuses %s with path, size and limit', (_, content, bytes) => {
  expect(() => declare(content)).toThrow(
    `swarm/nginx_conf: a config of ${bytes} bytes\n  Swarm takes 1 to 1,023,999 bytes`,
  );
});

test('the escape hatch reaches what the class does not model', () => {
  const template = synthStack((stack) => {
    new SwarmConfig(stack, 'a', { content: 'x' }).resource.addOverride('lifecycle.prevent_destroy', true);
  });
  expect(template.resource('docker_config', 'a').lifecycle.prevent_destroy).toBe(true);
});
