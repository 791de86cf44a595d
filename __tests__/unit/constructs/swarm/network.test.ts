import { OverlayNetwork } from '../../../../constructs/swarm';
import { newApp, synthStack } from '../../../support/platform/template';

test('an overlay network carries the namespace, and ignores what the daemon adds', () => {
  const template = synthStack((stack) => {
    expect(new OverlayNetwork(stack, 'mesh').networkName).toBe('acme_mesh');
  });
  expect(template.resource('docker_network', 'mesh')).toMatchObject({
    name: 'acme_mesh',
    driver: 'overlay',
    attachable: true,
    labels: [{ label: 'com.docker.stack.namespace', value: 'acme' }],
    lifecycle: { ignore_changes: ['options', 'ipam_options', 'ipam_config', 'labels'] },
  });
});

test('the escape hatch reaches what the class does not model', () => {
  const template = synthStack((stack) => {
    new OverlayNetwork(stack, 'mesh').resource.internal = true;
  });
  expect(template.resource('docker_network', 'mesh').internal).toBe(true);
});

test('outside a SwarmStack it is refused', () => {
  expect(() => new OverlayNetwork(newApp(), 'mesh')).toThrow(/stack/i);
});
