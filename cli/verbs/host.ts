import { defineVerb } from '../table/verb';
import { environment } from './common';

export const hostCheck = defineVerb({
  name: 'host check',
  summary: 'where the server differs from what the catalogue wants',
  details:
    'Says where the server of an environment differs from what services.config.ts wants. Changes nothing.',
  needs: 'server',
  positionals: [],
  options: { environment, json: { text: 'one JSON array' } },
  examples: ['host check', 'host check --environment vps --json'],
});
