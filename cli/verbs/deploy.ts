import { defineVerb } from '../table/verb';
import { acknowledge, environment, refresh } from './common';

export const deploy = defineVerb({
  name: 'deploy',
  summary: 'checks, plans, asks, applies, reports how each service ended',
  details:
    'Checks, plans, asks, applies and tells the truth about it. Ctrl-C ends what is under way in good order; a second one leaves at once.',
  needs: 'server',
  positionals: [],
  options: {
    environment,
    yes: { text: 'apply without asking' },
    acknowledge,
    without: {
      text: 'optional secrets that are in force go; else an empty value of them is refused; also WITHOUT=<secret,…>',
      value: '<secret,…>',
      many: true,
      completes: 'secret',
    },
    refresh,
    'skip-preflight': { text: 'do not look at the server first' },
    json: { text: 'one JSON object on standard output at the end, everything else on standard error' },
  },
  examples: ['deploy', 'IMAGE_TAG=v2 deploy --environment staging --yes', 'deploy --acknowledge mariadb'],
});
