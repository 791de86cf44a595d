import { execFile } from 'node:child_process';
import { chmodSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { PlatformSpec } from '../../../../constructs';
import { platform } from '../../../../services.config';
import { ODD_SCHEMA, oddCatalogue } from '../../../support/platform/odd-catalogue';
import { ACME, Workplace } from '../../../support/platform/platform';
import { makePair } from '../../../support/programs/certificates';
import { describeWithProvider, PLUGINS } from '../../../support/programs/providers';
import { type FakeDaemon, fakeDaemon } from '../../../unit/operations/docker/fake-daemon';

const describeHere = describeWithProvider(
  'kreuzwerker/docker',
  'terraform or its providers are not here, no stack was planned',
);

const SECRETS = {
  TF_VAR_db_password: 'correct-horse-battery',
  TF_VAR_jwt_secret_key: 'x'.repeat(32),
};
const PLAIN = { TF_VAR_smtp_host: 'mail.example.com', TF_VAR_smtp_port: '25' };

describeHere('Terraform with the real providers', () => {
  const workplace = new Workplace();
  let daemon: FakeDaemon;

  /** Runs in a synthesized stack; the daemon behind `ssh` answers what a plan of nothing asks it. */
  const terraform = (
    outdir: string,
    args: string[],
    variables: Record<string, string> = {},
    sshFolder = daemon.sshFolder,
  ) =>
    new Promise<{ status: number; output: string }>((done) => {
      const env = {
        HOME: workplace.folder,
        PATH: `${sshFolder}:${process.env.PATH}`,
        TF_INPUT: '0',
        TF_CLI_ARGS: '-no-color',
        TF_IN_AUTOMATION: '1',
        CHECKPOINT_DISABLE: '1',
        ...variables,
      };
      execFile('terraform', args, { cwd: outdir, env }, (error, stdout, stderr) =>
        // Terraform wraps its messages in a frame of its own.
        done({ status: error ? 1 : 0, output: `${stdout}${stderr}`.replace(/\s*\n[│\s]*/g, ' ') }),
      );
    });

  const stackOf = async (spec: PlatformSpec, place: Workplace) => {
    const folder = join(place.synth(spec).outdir, 'stacks', 'swarm');
    const init = await terraform(folder, ['init', `-plugin-dir=${PLUGINS}`]);
    if (init.status !== 0) throw new Error(init.output);
    return folder;
  };

  let production: string;
  beforeAll(async () => {
    daemon = await fakeDaemon((_, body, response) => response.end(body ? '{}' : 'OK'));
    production = await stackOf(platform, workplace);
  });
  afterAll(async () => {
    await daemon.stop();
    workplace.remove();
  });
  const plan = (variables: Record<string, string>) => terraform(production, ['plan'], variables);

  test('plans an odd platform, and hands every dollar and brace on as it was written', async () => {
    const place = new Workplace();
    try {
      place.write(ODD_SCHEMA.path, ODD_SCHEMA.text);
      const { production: environment } = oddCatalogue.environments;
      const spec = {
        ...oddCatalogue,
        environments: { production: { ...environment, state: { kind: 'local' as const } } },
      };
      const folder = await stackOf(spec, place);
      const secrets = ['db_password', 'api_key', 'nobody_uses_it', 'tls_certificate', 'tls_private_key'];
      const { status, output } = await terraform(folder, ['plan', '-out=plan'], {
        TF_VAR_relay: 'relay.example.com',
        ...Object.fromEntries(secrets.map((name) => [`TF_VAR_${name}`, 'secret '.repeat(20)])),
      });
      expect(output).toContain('Plan: ');
      expect(status).toBe(0);
      // As text, Terraform writes an argument that is JSON as a call of jsonencode.
      const { resource_changes } = JSON.parse((await terraform(folder, ['show', '-json', 'plan'])).output);
      const front = resource_changes.find(
        ({ address }: { address: string }) => address === 'docker_service.shop-front',
      );
      const { args } = front.change.after.task_spec[0].container_spec[0];
      const { command, settings } = oddCatalogue.services['shop-front'];
      for (const argument of [
        ...command,
        ...Object.entries(settings ?? {}).map((entry) => entry.join('=')),
      ]) {
        expect(args).toContain(argument);
      }
      expect(args).toContain('REGION=eu');
    } finally {
      place.remove();
    }
  });

  test("plans production with Let's Encrypt: certbot is one service more, and its key is nobody's here", async () => {
    const place = new Workplace();
    try {
      const folder = await stackOf({ ...platform, tls: ACME } as PlatformSpec, place);
      const { status, output } = await terraform(folder, ['plan'], { ...SECRETS, ...PLAIN });
      expect(output).toContain('docker_service.certbot will be created');
      expect(output).toContain(`"LINEAGE=${platform.serverName}"`);
      expect(output.match(/tls_private_key\.\w+ will be created/g)).toHaveLength(1);
      expect(status).toBe(0);
    } finally {
      place.remove();
    }
  });

  test('plans production with a certificate in files', async () => {
    const place = new Workplace();
    try {
      const { certificate, privateKey } = makePair({ names: `DNS:${platform.serverName}` });
      place.write('tls/fullchain.pem', certificate);
      place.write('tls/privkey.pem', privateKey);
      const files = { certificateFile: 'tls/fullchain.pem', privateKeyFile: 'tls/privkey.pem' };
      const folder = await stackOf(
        { ...platform, tls: { mode: 'provided', ...files } } as PlatformSpec,
        place,
      );
      const { status, output } = await terraform(folder, ['plan'], { ...SECRETS, ...PLAIN });
      expect(output).toContain('Plan: ');
      expect(output).not.toContain(privateKey.split('\n')[1]);
      expect(status).toBe(0);
    } finally {
      place.remove();
    }
  });

  test('plans production; an optional secret is one more object where it has a value', async () => {
    const few = await plan({ ...SECRETS, ...PLAIN });
    const more = await plan({ ...SECRETS, ...PLAIN, TF_VAR_smtp_username: 'mailer' });
    for (const { output } of [few, more])
      expect(output).toMatch(/Plan: \d+ to add, 0 to change, 0 to destroy/);
    const count = ({ output }: { output: string }) => Number(/Plan: (\d+) to add/.exec(output)?.[1]);
    expect(count(more) - count(few)).toBe(1);
    expect(few.output).not.toContain('docker_secret.smtp_username[');
    expect(few.output).not.toContain(SECRETS.TF_VAR_db_password);
  });

  test('refuses an empty secret, a short one and one that PyMySQL could not send, and prints none', async () => {
    const password = 'serin-très-sûr';
    const { status, output } = await plan({
      ...PLAIN,
      TF_VAR_db_password: password,
      TF_VAR_jwt_secret_key: '',
    });
    expect(status).toBe(1);
    expect(output).toContain('TF_VAR_db_password has fewer than 16 characters.');
    expect(output).toContain('TF_VAR_db_password has characters that are not printable ASCII.');
    expect(output).toContain('TF_VAR_jwt_secret_key has fewer than 32 characters.');
    expect(output).not.toContain(password);
  });

  test('refuses a missing secret by its name, and waits for no answer', async () => {
    const { status, output } = await plan({ ...PLAIN, TF_VAR_jwt_secret_key: SECRETS.TF_VAR_jwt_secret_key });
    expect(status).toBe(1);
    expect(output).toMatch(/No value for required variable.*"db_password"/);
  });

  test('refuses a port that is none', async () => {
    const { status, output } = await plan({ ...SECRETS, ...PLAIN, TF_VAR_smtp_port: '70000' });
    expect(status).toBe(1);
    expect(output).toContain('TF_VAR_smtp_port must be a port, 1 to 65535.');
  });

  describe('in bad surroundings', () => {
    let place: Workplace;
    let folder: string;
    beforeAll(async () => {
      place = new Workplace();
      folder = await stackOf(platform, place);
    });
    afterAll(() => place.remove());

    const apply = (sshFolder: string) =>
      terraform(folder, ['apply', '-auto-approve'], { ...SECRETS, ...PLAIN }, sshFolder);
    const state = async () => (await terraform(folder, ['state', 'list'])).output;

    test.each([
      ['a wrong host key', 'Host key verification failed.'],
      ['a port that is closed', 'ssh: connect to host 203.0.113.10 port 22: Connection refused'],
      ['a daemon that does not run', 'Cannot connect to the Docker daemon at unix:///var/run/docker.sock.'],
    ])('%s ends a deploy with the reason, and there is no state', async (name, words) => {
      // It takes the request first: one that is gone when the provider writes leaves "broken pipe" for a reason.
      const ssh = place.write(`${name}/ssh`, `#!/bin/sh\nread -r _\necho '${words}' >&2\nexit 255\n`);
      chmodSync(ssh, 0o755);
      const { status, output } = await apply(dirname(ssh));
      expect(output).toContain(`stderr=${words}`);
      expect(output).not.toContain('Creating...');
      expect(status).toBe(1);
      expect(await state()).toContain('No state file was found!');
    });

    test('a daemon that is no manager ends a deploy with what to run; the next plan makes all of it', async () => {
      const message = 'This node is not a swarm manager. Use "docker swarm init" or "docker swarm join" to …';
      const worker = await fakeDaemon((request, _, response) => {
        const isAboutSwarm = !/\/(_ping|version|info)$/.test(request.url ?? '');
        response.statusCode = isAboutSwarm ? 503 : 200;
        // Without a version the provider's client takes the daemon for one that knows no secrets.
        response.setHeader('Api-Version', '1.41');
        response.end(isAboutSwarm ? JSON.stringify({ message }) : '{}');
      });
      try {
        const { status, output } = await apply(worker.sshFolder);
        expect(output).toContain('This node is not a swarm manager. Use "docker swarm init"');
        expect(status).toBe(1);
      } finally {
        await worker.stop();
      }
      expect(await state()).not.toContain('docker_');
      const { output } = await terraform(folder, ['plan'], { ...SECRETS, ...PLAIN });
      expect(output).toMatch(/Plan: \d+ to add, 0 to change, 0 to destroy/);
      expect(output).toContain('docker_network.proctorwise will be created');
    });
  });
});
