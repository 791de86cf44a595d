import { platform as spec } from '../../../../services.config';
import { Workplace } from '../../../support/platform/platform';
import type { Json } from '../../../support/platform/template';

const workplace = new Workplace();
afterAll(() => workplace.remove());

const { null_resource: steps } = workplace.synth(spec, 'production').json.resource;
const gates: [name: string, input: string, triggers: Json][] = Object.entries<Json>(steps)
  .filter(([name]) => name.endsWith('_rollout'))
  .map(([name, { provisioner, triggers }]) => [
    name,
    provisioner[0]['local-exec'].environment.ROLLOUT,
    triggers,
  ]);

test.each(gates)('%s knows all that its tasks are made of', (_name, input) => {
  expect(input).toContain('"whole" = true');
  for (const field of ['RestartPolicy', 'StopSignal', 'Hostname', 'Networks', 'Mounts', 'LogDriver']) {
    expect(input).toContain(`"${field}" = `);
  }
  const [configs, files] = [/"id" = "\$\{docker_config/g, /"name" = "[^"]*", "file" = \{"Name" = "/g].map(
    (pattern) => input.match(pattern)?.length,
  );
  expect(files).toBe(configs);
});

test.each(gates)(
  '%s runs again for what it waits for, not for what it is told',
  (_name, _input, triggers) => {
    expect(Object.keys(triggers).sort()).toEqual(['configs', 'secrets', 'service']);
    expect(JSON.stringify(triggers)).not.toMatch(/docker_network|file|Mode/);
  },
);
