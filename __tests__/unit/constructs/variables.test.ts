import type { PlatformSpec } from '../../../constructs';
import { catalogue } from '../../support/platform/catalogue';
import { Workplace } from '../../support/platform/platform';

const workplace = new Workplace();
afterAll(() => workplace.remove());

test('Terraform refuses a text that is empty or has a line break, which the launcher would', () => {
  const variables = { ...catalogue.variables, greeting: { kind: 'text' as const } };
  const { json } = workplace.synth({ ...catalogue, variables } as PlatformSpec);
  expect(json.variable.greeting.validation).toEqual([
    {
      condition: '${length(var.greeting) > 0 && !can(regex("\\\\n", var.greeting))}',
      error_message: 'TF_VAR_greeting must be a text on one line that is not empty.',
    },
  ]);
});
