import { join } from 'node:path';
import { table } from '../operations/terminal/table';
import { labUp } from './cluster/infrastructure';
import { deployLab } from './deploy/deploy';
import { outputFolder } from './deploy/providers';
import { routeTable } from './deploy/requests';
import { serviceTable } from './deploy/services';
import { PORTS, STACK } from './deploy/target';
import { isDefault, type LabPaths } from './ground/paths';

/** In a lab elsewhere the state is not where a program in this folder looks for it. */
const forDeploys = (paths: LabPaths): string =>
  isDefault(paths)
    ? `deploys to it, too: ./proctor plan, IMAGE_TAG=v2 ./proctor deploy, npx cdktf diff ${STACK}`
    : `cdktf, too: npx cdktf diff ${STACK} --output ${outputFolder(paths)}`;

/** `./proctor lab up`: the whole platform on a disposable Swarm on this machine. */
export async function runLabUp({ compose }: { readonly compose: boolean }): Promise<void> {
  const start = Date.now();
  const lab = await labUp();
  const { services, routes } = await deployLab(lab, { compose });
  const shown = (path: string) => path.replace(`${process.cwd()}/`, '');
  console.log(`
${serviceTable(services)}

${routeTable(routes)}

${table([
  [`https://${lab.address}:${PORTS.https}/`, 'from this machine, with a self-signed certificate: curl -k'],
  [`. ${shown(lab.paths.env)}`, 'points docker in this terminal at the lab, over ssh'],
  [`. ${shown(join(lab.paths.dir, 'deploy.env'))}`, forDeploys(lab.paths)],
  ['./proctor lab down', 'removes every trace'],
]).join('\n')}

ready after ${((Date.now() - start) / 1000).toFixed(0)} s`);
}
