import { defineVerb } from '../table/verb';
import { acknowledge, environment, refresh } from './common';

export const plan = defineVerb({
  name: 'plan',
  summary: 'what a deploy would do, service by service; changes nothing',
  details:
    'What a deploy would do, in the words of Swarm. Changes nothing, neither on the server nor in the state.',
  needs: 'server',
  positionals: [],
  options: {
    environment,
    acknowledge,
    refresh,
    gate: { text: 'exit with 1 when the policy stops this plan' },
    markdown: {
      text: "write it as a comment for a pull request, below GitHub's limit",
      value: '<file>',
      completes: 'file',
    },
    json: { text: 'one JSON object on standard output, everything else on standard error' },
  },
  examples: ['plan', 'plan --environment staging --gate'],
});
