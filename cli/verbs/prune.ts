import { defineVerb } from '../table/verb';
import { onServer } from './common';

export const prune = defineVerb({
  name: 'prune',
  summary: 'frees disk: images, ended tasks and configs nobody needs',
  details:
    'Removes images, ended containers and older configs, and keeps what runs, what Swarm would roll back to, and what the last three releases that converged need, so that rollback --to finds their images. Volumes are never touched.',
  needs: 'server',
  positionals: [],
  options: { yes: { text: 'do it; without it, only show what would go' }, ...onServer },
  examples: ['prune', 'prune --yes'],
});
