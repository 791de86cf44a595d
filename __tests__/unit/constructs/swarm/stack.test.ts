import { Construct, OverlayNetwork, SwarmConfig, SwarmStack } from '../../../../constructs/swarm';
import { ImageRef } from '../../../../constructs/units';
import { networkOf, newService } from '../../../support/platform/services';
import { connection, newStack, synthApp, synthStack } from '../../../support/platform/template';

test('asks for exactly the providers that the bindings were made from', () => {
  const { terraform } = synthStack(() => {}).json;
  expect(terraform.required_providers).toMatchObject({
    docker: { source: 'kreuzwerker/docker', version: '3.6.2' },
    null: { version: '3.2.4' },
    tls: { version: '4.1.0' },
  });
  expect(terraform.required_version).toBe('>= 1.5.0');
});

test('the bindings were made from exactly the providers that it asks for', () => {
  const majorOf = (name: string) => require(`@cdktf/provider-${name}/package.json`).cdktf.provider.version;
  const { required_providers } = synthStack(() => {}).json.terraform;
  for (const name of ['docker', 'null', 'tls']) expect(majorOf(name)).toBe(required_providers[name].version);
});

test('reaches the daemon over ssh, and logs in nowhere by default', () => {
  const [docker] = synthStack(() => {}).json.provider.docker;
  expect(docker).toEqual({
    host: 'ssh://root@203.0.113.10:22',
    ssh_opts: [...connection.sshOptions],
    dynamic: { registry_auth: [] },
  });
});

test('registry logins go to the provider, and are not there when the password is empty', () => {
  const registries = [{ address: 'ghcr.io', username: '${var.user}', password: '${var.token}' }];
  const { provider, resource } = synthStack((stack) => newService(stack, 'web'), { registries }).json;
  expect(provider.docker[0].dynamic.registry_auth).toEqual([
    {
      for_each: '${nonsensitive(var.token != "") ? [1] : []}',
      content: { address: 'ghcr.io', username: '${var.user}', password: '${var.token}' },
    },
  ]);
  expect(resource.docker_service.web.auth).toBeUndefined();
});

test.each(['docker.io', 'https://index.docker.io/v1/'])(
  'a login to Docker Hub as %s is found by the provider: by its name, and the images in full',
  (address) => {
    const imageWith = (login: string, image: string) => {
      const registries = [{ address: login, username: '${var.user}', password: '${var.token}' }];
      const named = ImageRef.of(image);
      const { provider, resource } = synthStack((stack) => newService(stack, 'web', { image: named }), {
        registries,
      }).json;
      return {
        login: provider.docker[0].dynamic.registry_auth[0].content.address,
        image: resource.docker_service.web.task_spec.container_spec.image,
      };
    };
    const digest = `@sha256:${'a'.repeat(64)}`;
    expect(imageWith(address, `nginx:1.30${digest}`)).toMatchObject({
      login: 'docker.io',
      image: `docker.io/library/nginx:1.30${digest}`,
    });
    expect(imageWith(address, 'acme/api:1').image).toBe('docker.io/acme/api:1');
    expect(imageWith(address, 'ghcr.io/acme/api:1').image).toBe('ghcr.io/acme/api:1');
    expect(imageWith('ghcr.io', 'nginx:1.30').image).toBe('nginx:1.30');
  },
);

test('carries one label, the namespace', () => {
  expect(newStack().namespaceLabel).toEqual({ label: 'com.docker.stack.namespace', value: 'acme' });
});

test('finds the stack of a construct, however deep', () => {
  const stack = newStack();
  expect(SwarmStack.of(new Construct(new Construct(stack, 'a'), 'b'))).toBe(stack);
});

describe('two constructs with one address in Terraform', () => {
  test('are refused with both paths', () => {
    const build = () =>
      synthStack((stack) => {
        newService(stack, 'web.a');
        newService(stack, 'weba');
      });
    expect(build).toThrow(
      '"swarm/web.a/Default" and "swarm/weba/Default" are both docker_service.weba in Terraform, one would vanish\n  rename one of them',
    );
  });

  test('are all named at once', () => {
    const build = () =>
      synthStack((stack) => {
        for (const id of ['a.b', 'ab', 'a/b']) new SwarmConfig(stack, id, { content: id });
        for (const id of ['c.d', 'cd']) new OverlayNetwork(stack, id);
      });
    expect(build).toThrow(/docker_config\.ab[\s\S]*docker_network\.cd/);
  });

  test('are fine when they are of two types', () => {
    const template = synthStack((stack) => {
      newService(stack, 'a.b');
      new SwarmConfig(stack, 'ab', { content: 'x' });
    });
    expect(template.names('docker_service')).toEqual(['ab']);
  });

  test('are fine in two stacks', () => {
    const build = () =>
      synthApp((app) => {
        for (const id of ['one', 'two']) {
          networkOf(new SwarmStack(app, id, { namespace: id, connection, state: { kind: 'local' } }));
        }
        return app.node.findChild('two') as SwarmStack;
      });
    expect(build().names('docker_network')).toEqual(['mesh']);
  });
});

test('a failed validation leaves nothing written', () => {
  const write = jest.spyOn(require('node:fs'), 'writeFileSync');
  try {
    expect(() => synthStack((stack) => stack.node.addValidation({ validate: () => ['no'] }))).toThrow(
      '[swarm] no',
    );
    expect(
      write.mock.calls.map(([path]) => String(path)).filter((path) => path.endsWith('.tf.json')),
    ).toEqual([]);
  } finally {
    write.mockRestore();
  }
});
