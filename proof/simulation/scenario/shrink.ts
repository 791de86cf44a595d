/** What may be taken out, and made simpler. */
interface Shrinkable<I> {
  readonly seed: number;
  readonly ingredients: readonly I[];
}

/** A scenario with as little in it as still does what `holds` asks. */
export async function shrink<I extends { readonly kind: string }>(
  scenario: Shrinkable<I>,
  holds: (scenario: Shrinkable<I>) => Promise<boolean>,
): Promise<Shrinkable<I>> {
  let present = scenario;
  for (;;) {
    const smaller = await firstThat(candidates(present), holds);
    if (!smaller) return present;
    present = smaller;
  }
}

/** Without one ingredient, then with one that is simpler. */
function* candidates<I extends { readonly kind: string }>({
  seed,
  ingredients,
}: Shrinkable<I>): Iterable<Shrinkable<I>> {
  const withAt = (at: number, ...instead: I[]): Shrinkable<I> => ({
    seed,
    ingredients: [...ingredients.slice(0, at), ...instead, ...ingredients.slice(at + 1)],
  });
  for (let at = 0; at < ingredients.length; at++) yield withAt(at);
  for (const [at, one] of ingredients.entries()) {
    if ('node' in one && one.node !== undefined && (one.kind === 'crash' || one.kind === 'sick'))
      yield withAt(at, { ...one, node: undefined });
    if ('count' in one && typeof one.count === 'number' && one.count > 2)
      yield withAt(at, { ...one, count: one.count - 1 });
    if (one.kind === 'crash' && 'code' in one && one.code !== 1) yield withAt(at, { ...one, code: 1 });
  }
}

async function firstThat<S>(
  scenarios: Iterable<S>,
  holds: (scenario: S) => Promise<boolean>,
): Promise<S | undefined> {
  for (const scenario of scenarios) if (await holds(scenario)) return scenario;
  return undefined;
}
