import { deployFolder } from '../../operations/stack/folder';
import { BusyError, withLock } from '../../operations/stack/lock';
import type { Lab } from '../cluster/infrastructure';
import { withLabLock } from '../cluster/lock';
import { LabError } from '../ground/error';
import { isDefault, type LabPaths } from '../ground/paths';
import { stopProcesses } from '../ground/processes';
import { type Print, runStep } from '../ground/progress';
import { deployCompose } from './compose';
import { fitOf, removeUnknown } from './known';
import { joinStateFolders, whyNotTerraform } from './providers';
import { askRoutes, expectAnswers, type RouteLine } from './requests';
import { type ServiceLine, waitForServices } from './services';
import { ENVIRONMENT, NAMESPACE, targetOf, writeVariables } from './target';
import { deployWithTerraform, isDeployed, rememberDeployed, synthesize } from './terraform';

export interface DeployOptions {
  /** `docker stack deploy` of the compose form even where Terraform could deploy. @default false */
  readonly compose?: boolean;
  /** @default - standard output */
  readonly print?: Print;
}

/** What runs after a deploy. */
export interface Deployed {
  readonly services: readonly ServiceLine[];
  readonly routes: readonly RouteLine[];
}

const BY_HAND = `Terraform did not make the stack that runs (for Terraform, first: docker stack rm ${NAMESPACE}; volumes stay)`;

/**
 * Deploys the platform to a running lab over ssh, waits for the gates, and asks every route once. A deploy without
 * changes restarts nothing; one that was interrupted goes on.
 *
 * @throws LabError when the deploy fails or a route does not answer
 */
export async function deployLab(lab: Lab, options: DeployOptions = {}): Promise<Deployed> {
  const print = options.print ?? console.log;
  const { paths } = lab;
  return withLabLock(paths, () =>
    besideNoDeploy(paths, print, () => deployAlone(lab, options.compose ?? false, print)),
  );
}

/** `./proctor deploy` from this folder has the default lab's state: what it makes at this moment is not in there yet. */
async function besideNoDeploy<T>(paths: LabPaths, print: Print, work: () => Promise<T>): Promise<T> {
  if (!isDefault(paths)) return work();
  const onWait = (holder: string) => print(`  ${holder}: waiting for up to 10 minutes`);
  const folder = `${deployFolder(process.cwd(), ENVIRONMENT)}.lock`;
  try {
    return await withLock({ folder, timeoutSeconds: 600, onWait }, work);
  } catch (error) {
    if (!(error instanceof BusyError)) throw error;
    const [problem = '', remedy = ''] = error.message.split(/\n\s*/);
    throw new LabError(problem, remedy);
  }
}

async function deployAlone(lab: Lab, byChoice: boolean, print: Print): Promise<Deployed> {
  const { paths } = lab;
  await stopProcesses(paths, 'deploy', 30);
  const target = targetOf(lab);
  writeVariables(target);
  joinStateFolders(paths);
  const reason = await runStep(print, 'synth', async () => {
    await synthesize(target);
    return byChoice ? '--compose was given' : whyNotTerraform(target);
  });
  const fit = await fitOf(paths);
  const compose = reason ?? (fit.madeByHand ? BY_HAND : undefined);
  if (compose !== undefined) {
    print(`Deploying the compose form with docker stack deploy: ${compose}.`);
    await runStep(print, 'docker stack deploy', () => deployCompose(target, print));
  } else {
    await removeUnknown(paths, fit, print);
    await runStep(print, 'cdktf deploy', async (note) => {
      if (await isDeployed(target)) note('nothing to change');
      else {
        await deployWithTerraform(target, print);
        await rememberDeployed(target);
      }
    });
  }
  const services = await runStep(print, 'services', () => waitForServices(paths, print));
  const routes = await runStep(print, 'routes', () => askRoutes(lab));
  expectAnswers(routes);
  return { services, routes };
}
