import { freePorts } from '../../../../support/programs/loopback';
import { CANARY, outcomes, useDeployment } from './support/deployment';
import type { Ran } from './support/job';
import { onServer, startVps } from './support/vps';

const deployment = useDeployment();

describe('stops before anything is changed', () => {
  const nothingDeployed = (ran: Ran) => {
    expect(ran.result).toBe('failure');
    expect(deployment.scripts).not.toContain('deploy');
    deployment.expectNoLeak(ran);
  };

  onServer('without a secret, and names all that are missing', async () => {
    Object.assign(deployment.secrets, { DB_PASSWORD: '', SMTP_PORT: 'smtp' });
    const ran = await deployment.run();
    nothingDeployed(ran);
    expect(deployment.scripts).toEqual([]);
    expect(ran.log).toContain('::error title=DB_PASSWORD::the secret DB_PASSWORD is absent or empty%0A');
    expect(ran.log).toContain('::error title=SMTP_PORT::the secret SMTP_PORT is not a port');
    expect(ran.log).toContain('gh secret set DB_PASSWORD --env production');
  });

  onServer('with a known_hosts for another host', async () => {
    deployment.secrets.VPS_KNOWN_HOSTS = deployment.secrets.VPS_KNOWN_HOSTS!.replace(
      '127.0.0.1',
      '203.0.113.99',
    );
    const ran = await deployment.run();
    nothingDeployed(ran);
    expect(ran.log).toContain('has no key of VPS_HOST');
    expect(deployment.vps.log()).not.toContain('203.0.113.99');
  });

  onServer('when the server shows another key than the one that is pinned', async () => {
    deployment.secrets.VPS_KNOWN_HOSTS = deployment.secrets.VPS_KNOWN_HOSTS!.replace(
      /AAAA\S+/,
      'AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl',
    );
    const ran = await deployment.run();
    nothingDeployed(ran);
    expect(ran.log).toContain('the server shows a host key that is not in VPS_KNOWN_HOSTS');
  });

  onServer('when the server does not take the key', async () => {
    const other = await startVps();
    deployment.secrets.VPS_SSH_KEY = other.secrets.VPS_SSH_KEY!;
    await other.stop();
    const ran = await deployment.run();
    nothingDeployed(ran);
    expect(ran.log).toContain('the server does not take the key VPS_SSH_KEY for the user VPS_USER');
  });

  onServer('when nothing answers there, without telling the address', async () => {
    const [port] = (await freePorts(1)) as [number];
    Object.assign(deployment.secrets, {
      VPS_PORT: String(port),
      VPS_KNOWN_HOSTS: deployment.secrets.VPS_KNOWN_HOSTS!.replace(/:\d+\]|\]:\d+/, `]:${port}`),
    });
    const ran = await deployment.run();
    nothingDeployed(ran);
    expect(ran.log).toContain('nothing listens at VPS_HOST');
    expect(ran.log).not.toContain('127.0.0.1');
  });

  onServer('when the state is not proved', async () => {
    deployment.project.ends('state:doctor', 1);
    const ran = await deployment.run();
    nothingDeployed(ran);
    expect(deployment.scripts).toEqual(['state:doctor']);
    expect(outcomes(ran)['Forget the key']).toBe('success');
  });

  onServer('when the policy stops the plan, and says what to acknowledge', async () => {
    const json = {
      policy: { passes: false, missing: [{ name: 'mariadb' }, { name: 'kafka' }, { name: 'mariadb' }] },
    };
    deployment.project.plans({ code: 1, markdown: '## Plan of swarm: stopped\n', json });
    const ran = await deployment.run();
    nothingDeployed(ran);
    expect(ran.log).toContain('with "acknowledge": mariadb,kafka');
    expect(ran.summary).toContain('## Plan of swarm: stopped');
  });

  onServer('when there is no plan', async () => {
    deployment.project.ends('plan', 1, '{"policy":null,"error":"no state"}');
    const ran = await deployment.run();
    nothingDeployed(ran);
    expect(ran.log).toContain('there is no plan (exit code 1)');
  });

  onServer('when the plan has a secret in it, which is shown nowhere', async () => {
    deployment.project.plans({ code: 2, markdown: `setting DATABASE=mysql://u:${CANARY}@mariadb\n` });
    const ran = await deployment.run();
    nothingDeployed(ran);
    expect(ran.log).toContain('the plan has the value of DB_PASSWORD in it and is not shown');
    expect(ran.summary).toBe('');
  });

  onServer('when Terraform is to log everything', async () => {
    const ran = await deployment.run({ env: { TF_LOG: 'DEBUG' } });
    nothingDeployed(ran);
    expect(deployment.scripts).toEqual([]);
    expect(ran.log).toContain('TF_LOG is set, and such a log prints passwords');
  });
});

describe('the key', () => {
  const spoilt: [string, (key: string) => string][] = [
    ['with line breaks of Windows', (key) => key.replaceAll('\n', '\r\n')],
    ['without its last line break', (key) => key.trimEnd()],
  ];
  for (const [words, spoil] of spoilt) {
    onServer(`${words} lets the job in`, async () => {
      deployment.secrets.VPS_SSH_KEY = spoil(deployment.secrets.VPS_SSH_KEY!);
      // As far as the step after it, which is enough to see.
      deployment.project.ends('state:doctor', 1);
      const ran = await deployment.run();
      expect(ran.log).not.toContain('::error');
      expect(deployment.project.call('state:doctor')?.keys).toContain('ED25519');
      deployment.expectNoLeak(ran);
    });
  }

  onServer('that is damaged inside is refused by OpenSSH, in words', async () => {
    const lines = deployment.secrets.VPS_SSH_KEY!.split('\n');
    lines[3] = `${lines[3]!.slice(0, -4)}AAAA`;
    deployment.secrets.VPS_SSH_KEY = lines.join('\n');
    const ran = await deployment.run();
    expect(ran.result).toBe('failure');
    expect(ran.log).toContain('::error title=VPS_SSH_KEY::the secret VPS_SSH_KEY ');
    expect(deployment.scripts).toEqual([]);
    deployment.expectNoLeak(ran);
  });
});
