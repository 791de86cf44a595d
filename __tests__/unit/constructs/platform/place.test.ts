import { kafka, type PlatformSpec } from '../../../../constructs';
import { catalogue } from '../../../support/platform/catalogue';
import { SHELL, Workplace } from '../../../support/platform/platform';

const workplace = new Workplace();
afterAll(() => workplace.remove());

const spec: PlatformSpec = catalogue;
const { namespace } = workplace.build(spec).platform;
const placed = (placement: string): PlatformSpec => ({
  ...spec,
  backends: {
    ...spec.backends,
    kafka: kafka({ ...(spec.backends!.kafka!.spec as Parameters<typeof kafka>[0]), placement }),
  },
});

test('pinned is the label of the node that has the volume, which a step before the service sets', () => {
  const { resource } = workplace.synth(placed('pinned')).json;
  const label = `${namespace}.kafka`;
  expect(resource.docker_service.kafka.task_spec.placement).toEqual({
    constraints: [`node.labels.${label}==true`],
  });
  const { kafka_place: step } = resource.null_resource;
  expect(step.triggers).toEqual({ placement: 'pinned' });
  expect(step.provisioner[0]['local-exec'].environment.PLACE).toContain(`"label" = "${label}"`);
  expect(resource.docker_service.kafka.depends_on).toContain('null_resource.kafka_place');
});

test('another placement changes the constraint, and the step that runs again; nothing else of the service', () => {
  const [was, is] = [spec, placed('pinned')].map((one) => workplace.synth(one).json.resource);
  const { placement: _, ...before } = was.docker_service.kafka.task_spec;
  const { placement: __, ...after } = is.docker_service.kafka.task_spec;
  expect(after).toEqual(before);
  expect(was.null_resource.kafka_place.triggers).not.toEqual(is.null_resource.kafka_place.triggers);
});

test('a constraint of one’s own stays as it is written', () => {
  const { resource } = workplace.synth(placed('node.labels.disk==ssd')).json;
  expect(resource.docker_service.kafka.task_spec.placement).toEqual({
    constraints: ['node.labels.disk==ssd'],
  });
});

test('where services may be destroyed, nobody looks for the data of one that goes', () => {
  const runs = (shell: object) =>
    workplace
      .synth(spec, 'production', { ...SHELL, ...shell })
      .json.resource.null_resource.kafka_data.provisioner.map(
        (one: { 'local-exec': { when?: string } }) => one['local-exec'].when,
      );
  expect(runs({})).toEqual([undefined, 'destroy']);
  expect(runs({ ALLOW_DESTROY: '1' })).toEqual([undefined]);
});
