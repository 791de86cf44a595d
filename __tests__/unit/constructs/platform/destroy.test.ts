import { platform } from '../../../../services.config';
import { SHELL, Workplace } from '../../../support/platform/platform';
import type { Json } from '../../../support/platform/template';

const workplace = new Workplace();
afterAll(() => workplace.remove());

const protectedServices = (shell: Record<string, string>) =>
  Object.values<Json>(workplace.synth(platform, 'production', shell).json.resource.docker_service).filter(
    ({ lifecycle }) => lifecycle.prevent_destroy === true,
  ).length;

test('no plan destroys or replaces a service unless ALLOW_DESTROY=1 is exported', () => {
  expect(protectedServices(SHELL)).toBe(10);
  expect(protectedServices({ ...SHELL, ALLOW_DESTROY: '1' })).toBe(0);
  expect(protectedServices({ ...SHELL, ALLOW_DESTROY: 'no' })).toBe(10);
});
