import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { CANARY, outcomes, SSE, useDeployment } from './support/deployment';
import { onServer } from './support/vps';

const deployment = useDeployment();

describe('a push', () => {
  onServer(
    'goes through every step, with the same values for each, tells what it did, and leaves nothing behind',
    async () => {
      const ran = await deployment.run();
      expect(ran.log).not.toContain('::error');
      expect(ran.result).toBe('success');
      expect(ran.steps.filter(({ name }) => !name.includes('/')).map(({ name }) => name)).toEqual([
        'npm ci --ignore-scripts --no-audit --no-fund',
        'Check the secrets and log in to the server',
        ...['Prove the state', 'Plan', 'Deploy', 'Look from outside', 'Forget the key'],
      ]);
      expect(deployment.scripts).toEqual(['state:doctor', 'plan', 'deploy']);
      for (const { env, keys, agentEnv } of deployment.project.called) {
        expect(env).toMatchObject({
          VPS_HOST: '127.0.0.1',
          VPS_PORT: String(deployment.vps.port),
          TF_VAR_db_password: CANARY,
          TF_VAR_smtp_port: '587',
          TF_VAR_smtp_username: '',
          AWS_SSE_CUSTOMER_KEY: SSE,
          TF_INPUT: '0',
          CHECKPOINT_DISABLE: '1',
          CI: 'true',
          ACKNOWLEDGE: '',
        });
        // The key is in the agent and nowhere else.
        expect(JSON.stringify(env)).not.toContain('PRIVATE KEY');
        expect(keys).toContain('ED25519');
        expect(agentEnv).toContain('PATH=');
        expect(agentEnv).not.toMatch(/PRIVATE KEY|canary/);
      }
      expect(deployment.project.call('deploy')?.args).toEqual(['--yes']);
      expect(deployment.project.call('plan')?.args).toEqual(expect.arrayContaining(['--gate', '--json']));
      deployment.expectNoLeak(ran);

      const { summary } = ran;
      expect(summary).toMatch(/^## Plan of swarm\n\nnothing but good\n/);
      expect(summary).toContain('✅ https://…/health answers 200');
      expect(summary).toContain('✅ http://…/ redirects to https');
      expect(summary).toContain('nobody vouches for the certificate: DEPTH_ZERO_SELF_SIGNED_CERT');

      // Nothing is left behind: 2 is ssh-add without an agent.
      const { SSH_AUTH_SOCK } = deployment.project.call('deploy')!.env;
      expect(SSH_AUTH_SOCK).toBeDefined();
      expect(spawnSync('ssh-add', ['-l'], { env: { PATH: process.env.PATH, SSH_AUTH_SOCK } }).status).toBe(2);
      expect(() => readFileSync(`${ran.temp}/vps-ssh/config`)).toThrow();
    },
  );

  test('of another branch deploys nothing', async () => {
    const github = { event_name: 'workflow_dispatch', ref: 'refs/heads/feature', sha: 'a'.repeat(40) };
    expect((await deployment.run({ github })).result).toBe('skipped');
  });
});

describe('a bare server', () => {
  onServer('has no plan yet, and is deployed to: the deploy prepares it first', async () => {
    deployment.vps.docker(false);
    const ran = await deployment.run();
    deployment.vps.docker(true);
    expect(ran.log).not.toContain('::error');
    expect(deployment.scripts).toEqual(['state:doctor', 'deploy']);
    expect(ran.summary).toContain(
      '## No plan yet\n\nthere is no Docker client (18.09 or later) at the server.',
    );
  });
});

describe('what was acknowledged', () => {
  onServer('reaches plan and deploy as it was written, and no shell', async () => {
    const inputs = { acknowledge: 'mariadb,$(touch pwned);`touch pwned`' };
    await deployment.run({ inputs });
    for (const script of ['plan', 'deploy'])
      expect(deployment.project.call(script)?.env.ACKNOWLEDGE).toBe(inputs.acknowledge);
    expect(() => readFileSync(deployment.project.path('pwned'))).toThrow();
  });
});

describe('a deploy that fails', () => {
  onServer('fails the job, and says whether the state is free', async () => {
    deployment.project.ends('deploy', 2);
    const ran = await deployment.run();
    expect(ran.result).toBe('failure');
    expect(outcomes(ran)).toMatchObject({
      Deploy: 'failure',
      'Is the state free?': 'success',
      'Forget the key': 'success',
    });
    expect(outcomes(ran)['Look from outside']).toBeUndefined();
  });
});

describe('a cancelled job', () => {
  onServer('reaches the deploy, which ends in good order', async () => {
    deployment.project.ends('deploy', 0, '', { waits: true });
    const when = async () => {
      while (!deployment.scripts.includes('deploy')) await sleep(50);
      await sleep(300);
    };
    const ran = await deployment.run({ cancelIn: { step: 'Deploy', when } });
    expect(ran.result).toBe('cancelled');
    expect(deployment.scripts).toEqual(['state:doctor', 'plan', 'deploy', 'SIGINT']);
    expect(outcomes(ran)).toMatchObject({ 'Is the state free?': 'success', 'Forget the key': 'success' });
  });
});
