import { defineVerb } from '../table/verb';
import { onServer } from './common';

export const dataForget = defineVerb({
  name: 'data forget',
  summary: 'lets a backend start without the data that it had',
  details:
    'A deploy refuses to make a new database where one has been. This says that it may: its data is gone, was restored, or is on another node now. Removes what the Swarm remembers of it, and its label from nodes; touches no data, and stops nothing.',
  needs: 'server',
  positionals: [{ name: 'service', text: 'a backend of services.config.ts', completes: 'service' }],
  options: onServer,
  examples: ['data forget mariadb'],
});
