import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DeploySettings } from '../../../contract/deploy-settings';
import type { Shell } from '../../../contract/shell';
import { deployFolder } from '../../../operations/stack/folder';
import { Fault } from '../runner/fault';
import type { Runner } from '../runner/runner';
import { checkFromOutside } from './https-check';
import { projectFolder } from './npm-script';

/** Asks the server as everybody does: from here, by its public address. */
export async function checkHttps(env: Shell, runner: Runner, pauseMs?: number): Promise<void> {
  const settings = deployedSettings(projectFolder(env), env.PLATFORM_ENVIRONMENT || 'production');
  const host = env.VPS_PUBLIC_HOST || env.VPS_HOST || '';
  const checks = await checkFromOutside(
    {
      host,
      serverName: settings.serverName ?? host,
      selfSigned: settings.selfSigned ?? false,
      httpPort: Number(env.HTTP_PORT || 80),
      httpsPort: Number(env.HTTPS_PORT || 443),
    },
    pauseMs,
  );
  const lines = checks.map(
    ({ what, fault }) => `- ${fault ? '❌' : '✅'} ${what}${fault ? `: ${fault}` : ''}`,
  );
  const untrusted = checks.find((one) => one.untrusted)?.untrusted;
  if (untrusted) lines.push(`- ⚠️ nobody vouches for the certificate: ${untrusted}`);
  runner.summary(`### From outside\n\n${lines.join('\n')}\n`);
  const faults = checks.filter(({ fault }) => fault);
  for (const { what, fault } of faults) runner.say(`${what}: no, ${fault}`);
  if (faults.length > 0) {
    throw new Fault(
      'the platform converged, but clients outside cannot reach it as they should',
      "look at the server's firewall, the name's DNS entry and the certificate: `./proctor status`",
      'https',
    );
  }
  runner.say('from outside: https answers with the right certificate, http leads there');
}

/** What the stack that was just deployed says of itself; it lies where `./proctor deploy` synthesized it. */
function deployedSettings(project: string, environment: string): DeploySettings {
  const stacks = join(deployFolder(project, environment), 'stacks');
  const names = existsSync(stacks) ? readdirSync(stacks) : [];
  for (const name of names) {
    const file = join(stacks, name, 'cdk.tf.json');
    const settings = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8'))['//']?.deploy : undefined;
    if (settings?.serverName) return settings as DeploySettings;
  }
  return {};
}
