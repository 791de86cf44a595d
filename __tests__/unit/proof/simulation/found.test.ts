import type { Outcome } from '../../../../contract/outcome';
import { play } from '../../../../proof/simulation/history/play';
import { disagreements } from '../../../../proof/simulation/judge/judge';
import type { Ingredient } from '../../../../proof/simulation/scenario/ingredients';

/** Where the gate once told what was not so, with no more in the history than that needed. */
const FOUND: readonly (readonly [what: string, outcome: Outcome, ingredients: readonly Ingredient[]])[] = [
  [
    'of a global service whose task no node can take the cause is named',
    'timedOut',
    [{ kind: 'global' }, { kind: 'unplaceable', why: 'resources' }],
  ],
  [
    'somebody’s update of a label does not end the observation of new tasks',
    'converged',
    [{ kind: 'foreign', at: 4042, what: 'label' }],
  ],
  [
    'tasks that the update itself adds are new, though Swarm makes them a moment before it says "updating"',
    'converged',
    [
      { kind: 'nodes', count: 3 },
      { kind: 'deploy', what: 'both' },
      { kind: 'slowPull', ms: 30_000, node: 2 },
    ],
  ],
  [
    'answers from before the update, at the first looks, are not somebody else’s change',
    'converged',
    [{ kind: 'trouble', trouble: { kind: 'stale', from: 23, to: 523, ms: 5000 } }],
  ],
  [
    'answers from before the update, after newer ones, are not somebody else’s change',
    'converged',
    [{ kind: 'trouble', trouble: { kind: 'stale', from: 852, to: 3852, ms: 2000 } }],
  ],
  [
    'answers from before the create are not somebody else’s removal',
    'converged',
    [
      { kind: 'deploy', what: 'create' },
      { kind: 'trouble', trouble: { kind: 'stale', from: 557, to: 3557, ms: 5000 } },
    ],
  ],
  [
    'a global service whose only task is given up, as its restart policy says, has not converged',
    'timedOut',
    [
      { kind: 'global' },
      { kind: 'health', intervalMs: 500, retries: 1, startMs: 2000 },
      { kind: 'restart', condition: 'none', attempts: 3 },
      { kind: 'deploy', what: 'create' },
      { kind: 'slowStart', of: 'new', ms: 20_000 },
    ],
  ],
  [
    'a rollback after which Swarm tidied a slot, and says "update completed", is no change of somebody else',
    'rolledBack',
    [
      { kind: 'gateAfter', ms: 30_000 },
      { kind: 'crash', of: 'new', afterMs: 2500, code: 1, times: 4 },
    ],
  ],
];

/** As each was found. */
const SEEDS = [1, 78, 121, 726, 3132, 3989, 4576];

test.each(FOUND)('%s', async (_, outcome, ingredients) => {
  for (const seed of SEEDS) {
    const played = await play({ seed, ingredients });
    expect(disagreements(played)).toEqual([]);
    expect(played.result?.outcome).toBe(outcome);
  }
});
