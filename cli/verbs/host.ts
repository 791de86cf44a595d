import { defineVerb } from '../table/verb';
import { environment } from './common';

export const hostCheck = defineVerb({
  name: 'host check',
  summary: 'in what the server is not as the catalogue wants it',
  details:
    'Says in what the server of an environment is not as services.config.ts wants it. Changes nothing.',
  needs: 'server',
  positionals: [],
  options: { environment, json: { text: 'one JSON array' } },
  examples: ['host check', 'host check --environment vps --json'],
});
