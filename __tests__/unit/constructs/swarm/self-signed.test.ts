import { SelfSignedPair } from '../../../../constructs/swarm';
import { newService } from '../../../support/platform/services';
import { synthStack } from '../../../support/platform/template';

const declare = (serverName: string, address?: string) => {
  let pair!: SelfSignedPair;
  const template = synthStack((stack) => {
    pair = new SelfSignedPair(stack, 'tls_fallback', { serverName, address });
    newService(stack, 'nginx', { secrets: [{ secret: pair.certificate }, { secret: pair.privateKey }] });
  });
  return { pair, template, certificate: template.resource('tls_self_signed_cert', 'tls_fallback') };
};

test('is an ECDSA pair for 90 days that a deploy in the last 30 renews', () => {
  const { template, certificate } = declare('example.com');
  expect(template.resource('tls_private_key', 'tls_fallback')).toMatchObject({
    algorithm: 'ECDSA',
    ecdsa_curve: 'P256',
  });
  expect(certificate).toMatchObject({
    private_key_pem: '${tls_private_key.tls_fallback.private_key_pem}',
    subject: [{ common_name: 'example.com', organization: 'acme' }],
    validity_period_hours: 2160,
    early_renewal_hours: 720,
    allowed_uses: ['digital_signature', 'server_auth'],
  });
});

test.each([
  ['example.com', ['example.com', 'localhost'], ['127.0.0.1']],
  ['localhost', ['localhost'], ['127.0.0.1']],
  ['192.0.2.7', ['localhost'], ['192.0.2.7', '127.0.0.1']],
  ['127.0.0.1', ['localhost'], ['127.0.0.1']],
])('%s is named once, beside localhost', (serverName, dnsNames, addresses) => {
  const { certificate } = declare(serverName);
  expect(certificate.dns_names).toEqual(dnsNames);
  expect(certificate.ip_addresses).toEqual(addresses);
});

test.each([
  ['an address', 'example.com', '203.0.113.10', ['203.0.113.10', '127.0.0.1']],
  ['an IPv6 address', 'example.com', '2001:db8::7', ['2001:db8::7', '127.0.0.1']],
  ['a name', 'example.com', 'vps.example.net', ['127.0.0.1']],
  ['the same as its name', '203.0.113.10', '203.0.113.10', ['203.0.113.10', '127.0.0.1']],
])('covers the server by its address, too, when that is %s', (_, serverName, address, addresses) => {
  const { certificate } = declare(serverName, address);
  expect(certificate.ip_addresses).toEqual(addresses);
  expect(certificate.dns_names).not.toContain(address);
});

test('its two secrets are plain resources: Terraform knows no for_each over what it does not know yet', () => {
  const { template } = declare('example.com');
  expect(template.names('docker_secret')).toEqual(['tls_fallback_certificate', 'tls_fallback_key']);
  for (const name of template.names('docker_secret')) {
    const secret = template.resource('docker_secret', name);
    expect(secret.for_each).toBeUndefined();
    expect(secret.lifecycle).toEqual({ create_before_destroy: true });
  }
  expect(template.resource('docker_secret', 'tls_fallback_key').data).toBe(
    '${base64encode(tls_private_key.tls_fallback.private_key_pem)}',
  );
});

test('both names carry the hash of the certificate: a new pair is two new secrets, and the key is never hashed', () => {
  const { template } = declare('example.com');
  const hash = '${substr(sha256(tls_self_signed_cert.tls_fallback.cert_pem), 0, 10)}';
  expect(template.resource('docker_secret', 'tls_fallback_key').name).toBe(`acme_tls_fallback_key_${hash}`);
  expect(template.resource('docker_secret', 'tls_fallback_certificate').name).toBe(
    `acme_tls_fallback_certificate_${hash}`,
  );
});

test('a service mounts them like any other secret', () => {
  const { pair, template } = declare('example.com');
  expect(template.resource('docker_service', 'nginx').task_spec.container_spec.secrets).toMatchObject([
    { secret_id: pair.certificate.secretId, file_name: 'tls_fallback_certificate' },
    {
      secret_id: '${docker_secret.tls_fallback_key.id}',
      secret_name: '${docker_secret.tls_fallback_key.name}',
    },
  ]);
});
