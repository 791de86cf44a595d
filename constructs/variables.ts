import type { PlatformSpec } from './catalogue/spec/platform';
import type { VariableSpec } from './catalogue/spec/variable';
import { type Construct, TerraformVariable } from './swarm';

const CHECKS: Readonly<
  Record<VariableSpec['kind'], { expression: (name: string) => string; expected: string }>
> = {
  host: {
    expression: (name) => `can(regex("^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$", ${name}))`,
    expected: 'a host name or an IPv4 address',
  },
  port: {
    expression: (name) =>
      `can(regex("^[0-9]{1,5}$", ${name})) ? tonumber(${name}) >= 1 && tonumber(${name}) <= 65535 : false`,
    expected: 'a port, 1 to 65535',
  },
  // The launcher refuses a line break in what it sets.
  text: {
    expression: (name) => `length(${name}) > 0 && !can(regex("\\\\n", ${name}))`,
    expected: 'a text on one line that is not empty',
  },
};

/** Declares the plain variables, each with a check of its value, and those that hold registry logins. */
export function declareVariables(scope: Construct, spec: PlatformSpec): void {
  for (const [name, variable] of Object.entries(spec.variables as Record<string, VariableSpec>)) {
    const { expression, expected } = CHECKS[variable.kind];
    new TerraformVariable(scope, name, {
      type: 'string',
      nullable: false,
      ...(variable.description ? { description: variable.description } : {}),
      ...(variable.default === undefined ? {} : { default: variable.default }),
      validation: [
        {
          condition: `\${${expression(`var.${name}`)}}`,
          errorMessage: `TF_VAR_${name} must be ${expected}.`,
        },
      ],
    });
  }
  for (const login of spec.registries ?? []) {
    for (const name of [login.username, login.password]) {
      new TerraformVariable(scope, name, {
        type: 'string',
        sensitive: true,
        nullable: false,
        default: '',
        description: `login of ${login.address}; empty for anonymous pulls`,
      });
    }
  }
}
