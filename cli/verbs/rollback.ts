import { defineVerb } from '../table/verb';
import { acknowledge, onServer } from './common';
import { deploy } from './deploy';

export const rollback = defineVerb({
  name: 'rollback',
  summary: 'back to a release; or chosen services, for emergencies',
  details:
    "With --to, a recorded release is deployed with today's secrets: through Terraform's state, under plan, policy, question, gates and verdict, without git. With services it is `docker service rollback` for each, looked at before and judged after, for emergencies: it is drift, the next deploy rolls forward again.",
  needs: 'server',
  positionals: [
    { name: 'service', text: 'of services.config.ts', many: true, optional: true, completes: 'service' },
  ],
  options: {
    to: { text: 'the number of a release, or previous', value: '<release>' },
    yes: { text: 'do it; without it, only show what would come back; with --to, apply without asking' },
    acknowledge,
    without: deploy.options.without,
    'skip-preflight': deploy.options['skip-preflight'],
    json: { text: 'with --to: one JSON object on standard output at the end' },
    ...onServer,
  },
  examples: [
    'rollback --to previous',
    'rollback --to 41 --acknowledge edge',
    'rollback userservice',
    'rollback --yes userservice examservice',
  ],
});
