import { composeOf, type PlatformSpec, type TlsSpec } from '../../../../constructs';
import { platform } from '../../../../services.config';
import { ACME, Workplace } from '../../../support/platform/platform';
import type { Json } from '../../../support/platform/template';
import { makePair } from '../../../support/programs/certificates';

const workplace = new Workplace();
const pair = makePair({ names: `DNS:${platform.serverName}` });
workplace.write('fullchain.pem', pair.certificate);
workplace.write('privkey.pem', pair.privateKey);
workplace.write('ca.pem', pair.certificate);
afterAll(() => workplace.remove());

const PROVIDED = {
  mode: 'provided',
  certificateFile: 'fullchain.pem',
  privateKeyFile: 'privkey.pem',
} as const;
const MODES = { 'self-signed': { mode: 'self-signed' }, provided: PROVIDED, letsencrypt: ACME } as const;

const withTls = (tls: TlsSpec): PlatformSpec => ({ ...(platform as PlatformSpec), tls });
const synth = (tls: TlsSpec): Json => workplace.synth(withTls(tls)).json;
const containerOf = (json: Json, service: string) =>
  json.resource.docker_service[service].task_spec.container_spec;
const nginxConfOf = (json: Json): string =>
  Buffer.from(json.resource.docker_config.nginx_conf.data, 'base64').toString('utf8');
const hsts = 'add_header Strict-Transport-Security';

describe('nginx.conf', () => {
  const confs = Object.values(MODES).map((tls) => nginxConfOf(synth(tls)));
  const withoutHsts = confs.map((conf) =>
    conf
      .split('\n')
      .filter((line) => !/strict.transport.security/i.test(line))
      .join('\n'),
  );

  test('is one for all three modes, but for Strict-Transport-Security', () => {
    expect(new Set(withoutHsts).size).toBe(1);
  });

  test.each<[string, TlsSpec, boolean]>([
    ['self-signed', { mode: 'self-signed' }, false],
    ["from Let's Encrypt's staging", { ...ACME, directory: 'staging' }, false],
    ['from another ACME server', { ...ACME, directory: 'https://ca.internal/dir' }, false],
    ["from Let's Encrypt", ACME, true],
    ["from Let's Encrypt, where the catalogue says no", { ...ACME, hsts: false }, false],
    ['provided', PROVIDED, false],
    ['provided and public, as the catalogue says', { ...PROVIDED, hsts: true }, true],
  ])('a certificate that is %s: Strict-Transport-Security %p', (_, tls, expected) => {
    expect(nginxConfOf(synth(tls)).includes(hsts)).toBe(expected);
  });
});

test.each(['self-signed', 'provided'] as const)(
  '%s is mounted where nginx.conf says, the key for root alone',
  (mode) => {
    const { secrets, command, mounts } = containerOf(synth(MODES[mode]), 'nginx');
    expect(secrets).toMatchObject([
      { file_name: '/etc/nginx/tls/fullchain.pem', file_mode: 0o444 },
      { file_name: '/etc/nginx/tls/privkey.pem', file_mode: 0o400 },
    ]);
    expect(command).toBeUndefined();
    expect(mounts).toEqual([]);
  },
);

describe("with Let's Encrypt", () => {
  const { json } = workplace.synth(withTls(ACME));

  test('the self-signed pair is the fallback, and what certbot writes only nginx reads', () => {
    const nginx = containerOf(json, 'nginx');
    expect(nginx.secrets).toMatchObject([
      { secret_id: '${docker_secret.tls_self_signed_certificate.id}', file_name: 'fullchain.pem' },
      { secret_id: '${docker_secret.tls_self_signed_key.id}', file_name: 'privkey.pem', file_mode: 0o400 },
    ]);
    expect(nginx.mounts).toMatchObject([
      { type: 'volume', source: 'proctorwise_letsencrypt', target: '/etc/letsencrypt', read_only: true },
      { type: 'volume', source: 'proctorwise_acme_webroot', target: '/var/www/acme', read_only: true },
      { type: 'tmpfs', target: '/etc/nginx/tls' },
    ]);
    expect(nginx.args).toEqual([
      `LIVE=/etc/letsencrypt/live/${platform.serverName}`,
      ...['--', 'nginx', '-g', 'daemon off;'],
    ]);
  });

  test('certbot has the account and its certificates on a volume that Terraform cannot delete', () => {
    expect(containerOf(json, 'certbot').mounts).toMatchObject([
      { source: 'proctorwise_letsencrypt', target: '/etc/letsencrypt', read_only: false },
      { source: 'proctorwise_acme_webroot', target: '/var/www/acme', read_only: false },
      { type: 'tmpfs', target: '/tmp' },
      { type: 'tmpfs', target: '/var/log/letsencrypt' },
    ]);
    expect(containerOf(json, 'certbot').read_only).toBe(true);
    expect(json.resource.docker_volume).toBeUndefined();
  });

  test('certbot alone writes them: one task, stop-first, beside nginx', () => {
    const { mode, update_config, task_spec } = json.resource.docker_service.certbot;
    expect(mode.replicated.replicas).toBe(1);
    expect(update_config).toMatchObject({ order: 'stop-first', failure_action: 'rollback' });
    expect(task_spec.placement).toEqual(json.resource.docker_service.nginx.task_spec.placement);
  });

  test('certbot is told by arguments, which show in the plan', () => {
    expect(containerOf(json, 'certbot').args).toEqual([
      'DIRECTORY=https://acme-v02.api.letsencrypt.org/directory',
      `NAMES=${platform.serverName}`,
      `LINEAGE=${platform.serverName}`,
      'EMAIL=operations@example.com',
    ]);
  });

  test('certbot starts after the gates of nginx and the edge, has a gate itself, and the last one waits for it', () => {
    const { docker_service, null_resource } = json.resource;
    expect(docker_service.certbot.depends_on).toEqual(['null_resource.edge_rollout']);
    expect(null_resource.certbot_rollout.lifecycle.replace_triggered_by).toEqual(['docker_service.certbot']);
    expect(null_resource.deployed.depends_on).toContain('null_resource.certbot_rollout');
    const gates = Object.values<Json>(null_resource).flatMap(({ provisioner }) => {
      const rollout: string = provisioner?.[0]['local-exec'].environment?.ROLLOUT ?? '';
      return rollout.match(/"total" = \d+/g) ?? [];
    });
    expect(gates).toEqual(Array.from({ length: 11 }, () => '"total" = 11'));
  });

  test('its key is nowhere: the only keys that Terraform knows are those of the fallback', () => {
    expect(Object.keys(json.resource.tls_private_key)).toEqual(['tls_self_signed']);
    expect(Object.keys(json.resource.docker_secret).filter((name) => name.startsWith('tls_'))).toEqual([
      'tls_self_signed_certificate',
      'tls_self_signed_key',
    ]);
  });

  test('staging and production are two lineages: the other one’s certificate is never taken for it', () => {
    const staging = synth({ ...ACME, directory: 'staging' });
    const live = (one: Json): string => containerOf(one, 'nginx').args[0];
    expect(live(staging)).toBe(`${live(json)}-staging`);
    expect(containerOf(staging, 'certbot').args).toContain(`LINEAGE=${platform.serverName}-staging`);
  });

  test('what the catalogue adds reaches certbot', () => {
    const tls: TlsSpec = {
      ...ACME,
      directory: 'https://ca.internal/dir',
      names: ['www.example.com'],
      profile: 'shortlived',
      selfCheck: false,
      caFile: 'ca.pem',
    };
    const { args, configs } = containerOf(synth(tls), 'certbot');
    expect(args).toEqual(
      expect.arrayContaining([
        `NAMES=${platform.serverName},www.example.com`,
        'PROFILE=shortlived',
        'SELF_CHECK=no',
        'CA_FILE=/acme-ca.pem',
      ]),
    );
    expect(configs).toHaveLength(2);
  });

  test('the capacity rule counts it', () => {
    const large = {
      cpus: platform.environments.production.node.cpus,
      memory: platform.backends!.kafka.spec.limits.memory,
    };
    expect(() => synth({ ...ACME, limits: large, reservations: large })).toThrow(
      /\(capacity\): all replicas reserve/,
    );
  });

  test('an environment can have another mode, and its image is locked with the others', () => {
    const { production } = platform.environments;
    const environments = { ...platform.environments, production: { ...production, tls: ACME } };
    const { json: other } = workplace.synth({ ...platform, environments } as PlatformSpec);
    expect(containerOf(other, 'certbot').image).toMatch(/^certbot\/certbot:v5\.8\.0@sha256:/);
  });

  test('the compose form has it, too', () => {
    const { platform: built } = workplace.build(withTls(ACME));
    const { compose, configs } = composeOf(built);
    expect(compose).toContain('certbot:');
    expect([...configs.keys()]).toEqual(
      expect.arrayContaining(['configs/certbot_script', 'configs/tls_watch']),
    );
  });
});

test.each<[string, TlsSpec, Partial<PlatformSpec>, string]>([
  ['an address as the name', ACME, { serverName: '203.0.113.7' }, "'203.0.113.7' is an address"],
  ['an image without a tag', { ...ACME, image: 'certbot/certbot' }, {}, 'has no tag'],
  ['a CA file that is not there', { ...ACME, caFile: 'none.pem' }, {}, 'cannot read none.pem'],
])('%s is refused before anything is written', (_, tls, change, message) => {
  expect(() => workplace.synth({ ...withTls(tls), ...change })).toThrow(message);
});
