import { defineVerb } from '../table/verb';
import { onServer } from './common';

export const dataForget = defineVerb({
  name: 'data forget',
  summary: "says that a backend's data is new, or restored",
  details:
    'A deploy refuses to make a new database where one has been, and to go on with one that runs on other data than before. This says that it may: it is to be a new one, was restored, or is on another node now. Removes what the Swarm remembers of it, and its label from nodes; where it runs, what it runs on is remembered in its place. Touches no data, and stops nothing: to begin with a new one, remove the service and its volume first. Of `backup` it forgets which repository has had the backups, where another one is to count.',
  needs: 'server',
  positionals: [
    { name: 'service', text: 'a backend of services.config.ts, or backup', completes: 'service' },
  ],
  options: onServer,
  examples: ['data forget mariadb', 'data forget backup'],
});
