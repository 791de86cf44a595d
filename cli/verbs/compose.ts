import { defineVerb } from '../table/verb';
import { environment } from './common';

export const compose = defineVerb({
  name: 'compose',
  summary: 'Writes the platform as a compose file',
  details:
    'For `docker stack deploy`. Into the folder compose, or COMPOSE_OUT: docker-compose.swarm.yml and its configs.',
  needs: 'catalogue',
  positionals: [],
  options: {
    environment,
    with: {
      text: 'optional secrets that exist on the server',
      value: '<secret,…>',
      many: true,
      completes: 'secret',
    },
  },
  examples: ['compose', 'compose --with smtp_username,smtp_password'],
});

export const provision = defineVerb({
  name: 'provision',
  summary: 'Does inside backends what Terraform would, for a compose file',
  details:
    'For MariaDB: prepare makes databases, user, grants and schemas, and a new password is accepted beside the one in force; after finish only the new password is accepted, once all applications use it.',
  needs: 'server',
  positionals: [
    {
      name: 'phase',
      text: 'before (prepare) or after (finish) the applications',
      choices: ['prepare', 'finish'],
    },
  ],
  options: { environment },
  examples: ['provision prepare', 'provision finish'],
});
