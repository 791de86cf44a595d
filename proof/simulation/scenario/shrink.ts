import type { Ingredient, Scenario } from './ingredients';

/** A scenario with as little in it as still does what `holds` asks. */
export async function shrink(
  scenario: Scenario,
  holds: (scenario: Scenario) => Promise<boolean>,
): Promise<Scenario> {
  let present = scenario;
  for (;;) {
    const smaller = await firstThat(candidates(present), holds);
    if (!smaller) return present;
    present = smaller;
  }
}

/** Without one ingredient, then with one that is simpler. */
function* candidates({ seed, ingredients }: Scenario): Iterable<Scenario> {
  const withAt = (at: number, ...instead: Ingredient[]): Scenario => ({
    seed,
    ingredients: [...ingredients.slice(0, at), ...instead, ...ingredients.slice(at + 1)],
  });
  for (let at = 0; at < ingredients.length; at++) yield withAt(at);
  for (const [at, one] of ingredients.entries()) {
    if ('node' in one && (one.kind === 'crash' || one.kind === 'sick')) {
      const { node: _, ...rest } = one;
      yield withAt(at, rest);
    }
    if ('count' in one && one.count > 2) yield withAt(at, { ...one, count: one.count - 1 });
    if (one.kind === 'crash' && one.code !== 1) yield withAt(at, { ...one, code: 1 });
  }
}

async function firstThat(
  scenarios: Iterable<Scenario>,
  holds: (scenario: Scenario) => Promise<boolean>,
): Promise<Scenario | undefined> {
  for (const scenario of scenarios) if (await holds(scenario)) return scenario;
  return undefined;
}
