import type { Outcome } from '../../../../contract/outcome';
import { play } from '../../../../proof/simulation/history/play';
import { disagreements } from '../../../../proof/simulation/judge/judge';
import type { Ingredient } from '../../../../proof/simulation/scenario/ingredients';

/**
 * Where the gate once told what was not so, with no more in the history than that needed. Without an outcome it depends
 * on which node Swarm takes.
 */
const FOUND: readonly (readonly [
  what: string,
  outcome: Outcome | undefined,
  ingredients: readonly Ingredient[],
])[] = [
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
  [
    'a task that fails in a slot with two is observed, though the other one stays',
    undefined,
    [
      { kind: 'nodes', count: 3 },
      { kind: 'delay', ms: 10_000 },
      { kind: 'action', action: 'continue' },
      { kind: 'earlier', of: 'crashing' },
      { kind: 'crash', of: 'new', afterMs: 4500, code: 1, times: 3, node: 3 },
    ],
  ],
  [
    'what Swarm paused as a node was drained is not said to have ended by itself, nor to be pulled still',
    'paused',
    [
      { kind: 'action', action: 'pause' },
      { kind: 'drain', at: 842, node: 1, ms: 10_000_000 },
    ],
  ],
  [
    'of a rollback that ends as "update completed" status says that it failed',
    'rolledBack',
    [
      { kind: 'gateAfter', ms: 30_000 },
      { kind: 'crash', of: 'new', afterMs: 1000, code: 1, times: 4 },
    ],
  ],
  [
    'an update that an earlier deploy left paused is gone on with',
    'converged',
    [
      { kind: 'replicas', count: 3 },
      { kind: 'action', action: 'pause' },
      { kind: 'gateAfter', ms: 90_000 },
      { kind: 'crash', of: 'new', afterMs: 300, code: 1, times: 1 },
    ],
  ],
  [
    'a conflict with somebody else is not a Swarm without a leader',
    undefined,
    [
      { kind: 'crash', of: 'new', afterMs: 7000, code: 1, times: 1000 },
      { kind: 'trouble', trouble: { kind: 'faster', from: 0, to: 14_000 } },
    ],
  ],
];

/** As each was found. */
const SEEDS = [1, 78, 121, 726, 3132, 3989, 4576];

test.each(FOUND)('%s', async (_, outcome, ingredients) => {
  for (const seed of SEEDS) {
    const played = await play({ seed, ingredients });
    expect(disagreements(played)).toEqual([]);
    if (outcome) expect(played.result?.outcome).toBe(outcome);
  }
});
