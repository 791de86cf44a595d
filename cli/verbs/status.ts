import { defineVerb } from '../table/verb';
import { onEntrance, onServer } from './common';

export const status = defineVerb({
  name: 'status',
  summary: 'the platform at a glance: services, certificate, nodes, disk',
  details: 'The platform at a glance: services, certificate, nodes, disk.',
  needs: 'server',
  positionals: [],
  options: {
    ...onServer,
    ...onEntrance,
    watch: { text: 'look again every 2 s, until Ctrl-C' },
    json: { text: 'one JSON object for each look' },
  },
  examples: ['status', 'status --watch', 'status --environment staging --json'],
});
