import { onlyIngressPublishes } from '../../../../constructs/rules/only-ingress-publishes';
import { findings } from '../../../support/platform/rules';

const publishedPorts = [
  { published: 80, target: 8080 },
  { published: 443, target: 8443, mode: 'ingress' as const },
];

test('accepts ports of the ingress', () => {
  expect(findings(onlyIngressPublishes, { ingress: true, publishedPorts })).toEqual([]);
});

test('accepts a service without ports', () => expect(findings(onlyIngressPublishes)).toEqual([]));

test('refuses each port of any other service', () => {
  expect(findings(onlyIngressPublishes, { publishedPorts })).toEqual([
    expect.stringMatching(/^web publishes port 80 of the node\nremove the port/),
    expect.stringMatching(/^web publishes port 443 of the node\nremove the port/),
  ]);
});
