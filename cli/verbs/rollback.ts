import { defineVerb } from '../table/verb';
import { onServer } from './common';

export const rollback = defineVerb({
  name: 'rollback',
  summary: "Swarm's own rollback of chosen services, for emergencies",
  details:
    '`docker service rollback` for chosen services, each looked at before and judged after. For emergencies: it is drift, the next deploy rolls forward again. To go back for good, deploy the older commit.',
  needs: 'server',
  positionals: [{ name: 'service', text: 'of services.config.ts', many: true, completes: 'service' }],
  options: {
    yes: { text: 'do it; without it, only show what would come back' },
    ...onServer,
  },
  examples: ['rollback userservice', 'rollback --yes userservice examservice'],
});
