import { isIP } from 'node:net';
import { Secret } from '@cdktf/provider-docker/lib/secret';
import { PrivateKey } from '@cdktf/provider-tls/lib/private-key';
import { SelfSignedCert } from '@cdktf/provider-tls/lib/self-signed-cert';
import { Construct } from './cdktf';
import type { MountableSecret } from './secret';
import { SwarmStack } from './stack';

export interface SelfSignedPairProps {
  /** The name that clients use; a host name or an address. */
  readonly serverName: string;
  /** The server's address, where it is known: people also come by it, past DNS. @default none */
  readonly address?: string | undefined;
}

/** A certificate for development, tests and as fallback: ECDSA P-256, 90 days, renewed by a deploy in its last 30. */
export class SelfSignedPair extends Construct {
  readonly certificate: MountableSecret;
  readonly privateKey: MountableSecret;

  constructor(scope: Construct, id: string, props: SelfSignedPairProps) {
    super(scope, id);
    const key = new PrivateKey(this, 'key', { algorithm: 'ECDSA', ecdsaCurve: 'P256' });
    key.overrideLogicalId(id);
    const known = [props.serverName, props.address ?? ''].filter((one) => isIP(one) !== 0);
    const certificate = new SelfSignedCert(this, 'certificate', {
      privateKeyPem: key.privateKeyPem,
      subject: [{ commonName: props.serverName, organization: SwarmStack.of(this).namespace }],
      // Browsers look at these alone; localhost and 127.0.0.1 serve tunnels and the lab.
      dnsNames: [...new Set([...(known.includes(props.serverName) ? [] : [props.serverName]), 'localhost'])],
      ipAddresses: [...new Set([...known, '127.0.0.1'])],
      validityPeriodHours: 90 * 24,
      earlyRenewalHours: 30 * 24,
      // key_encipherment is for RSA alone.
      allowedUses: ['digital_signature', 'server_auth'],
      setSubjectKeyId: true,
    });
    certificate.overrideLogicalId(id);
    const pem = `tls_self_signed_cert.${id}.cert_pem`;
    this.certificate = new GeneratedSecret(this, `${id}_certificate`, pem, pem);
    this.privateKey = new GeneratedSecret(this, `${id}_key`, `tls_private_key.${id}.private_key_pem`, pem);
  }
}

/** A secret whose value only Terraform knows, and only at apply: no `for_each` over it, a plain resource. */
class GeneratedSecret extends Construct implements MountableSecret {
  readonly secretId: string;
  readonly secretName: string;
  readonly idsExpression: string;

  constructor(scope: Construct, id: string, value: string, hashed: string) {
    super(scope, id);
    const stack = SwarmStack.of(this);
    const resource = new Secret(this, 'Default', {
      name: `${stack.namespace}_${id}_\${substr(sha256(${hashed}), 0, 10)}`,
      data: `\${base64encode(${value})}`,
      labels: [stack.namespaceLabel],
      lifecycle: { createBeforeDestroy: true },
    });
    resource.overrideLogicalId(id);
    this.secretId = `\${docker_secret.${id}.id}`;
    this.secretName = `\${docker_secret.${id}.name}`;
    this.idsExpression = `[docker_secret.${id}.id]`;
  }
}
