import { readFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { platform } from '../../../../services.config';
import { Workplace } from '../../../support/platform/platform';
import { type Json, somewhere } from '../../../support/platform/template';

const workplace = new Workplace();
const { json } = workplace.synth(platform);
afterAll(() => workplace.remove());

const ASSETS = join(__dirname, '../../../../constructs/assets');
const FILES = ['launch.sh', 'mariadb-init.sql', 'serving.sh'];

/** Configs as text, which can be read in a review; where one is a file of the project, its name says as much. */
function readable(stack: Json): Json {
  const copy = somewhere(stack);
  for (const config of Object.values<Json>(copy.resource.docker_config)) {
    const text = Buffer.from(config.data, 'base64').toString('utf8');
    const file = FILES.find((name) => readFileSync(join(ASSETS, name), 'utf8') === text);
    config.data = file ? `the file constructs/assets/${file}` : text;
  }
  // Every step says how the server is reached, in the provider's own words: once is enough.
  const [{ host, ssh_opts }] = copy.provider.docker;
  const options = ssh_opts.map((option: string) => JSON.stringify(option)).join(', ');
  for (const { provisioner = [] } of Object.values<Json>(copy.resource.null_resource)) {
    for (const { 'local-exec': run } of provisioner) {
      for (const [name, input] of Object.entries<string>(run.environment)) {
        run.environment[name] = input.replace(
          `"host" = ${JSON.stringify(host)}, "sshOptions" = [${options}]`,
          "the provider's connection",
        );
      }
    }
  }
  return copy;
}

test('production is exactly what was reviewed', () => {
  expect(readable(json)).toMatchSnapshot();
});

test('nothing of the machine that synthesizes is in it', () => {
  // The short folder for ssh's socket is the same for everybody.
  const text = JSON.stringify(somewhere(json));
  const folders = [workplace.folder, process.cwd(), tmpdir(), homedir()];
  expect(folders.filter((folder) => text.includes(`${folder}/`))).toEqual([]);
});
