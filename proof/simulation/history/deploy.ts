import { all, of, type Scenario } from '../scenario/ingredients';
import { newSpec, SERVICE } from '../scenario/spec';
import type { Spec } from '../swarm/records';
import type { World } from '../world/world';

/** As Terraform's provider does it. @returns what was deployed */
export function deploy({ control }: World, scenario: Scenario): Spec {
  const what = of(scenario, 'deploy')?.what;
  if (what === 'create') {
    const spec = newSpec(scenario);
    control.create(spec);
    return spec;
  }
  const { id, version, spec: present } = control.find(SERVICE)!;
  const spec = newSpec(scenario);
  // What Terraform finds as it should be it does not touch.
  if (JSON.stringify(spec) !== JSON.stringify(present)) control.update(id, version, spec);
  return spec;
}

export const troublesOf = ({ ingredients }: Scenario, deployAt: number) =>
  all(ingredients, 'trouble').map(({ trouble }) => ({
    ...trouble,
    from: deployAt + trouble.from,
    to: deployAt + trouble.to,
  }));
