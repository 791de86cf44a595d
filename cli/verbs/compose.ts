import { defineVerb } from '../table/verb';
import { environment } from './common';

export const compose = defineVerb({
  name: 'compose',
  summary: 'the platform as a compose file for docker stack deploy',
  details:
    'Writes compose/docker-compose.swarm.yml and its configs, for `docker stack deploy`; its header says the steps. COMPOSE_OUT names another folder.',
  needs: 'catalogue',
  positionals: [],
  options: {
    environment,
    with: {
      text: 'optional secrets to mount; each has to exist',
      value: '<secret,…>',
      many: true,
      completes: 'secret',
    },
  },
  examples: ['compose', 'compose --with smtp_username,smtp_password'],
});

export const provision = defineVerb({
  name: 'provision',
  summary: 'what a deploy does inside backends, for a manual deploy',
  details:
    'What the Terraform graph does inside backends, for a `docker stack deploy`. For MariaDB, prepare makes databases, user, grants and schemas, and has a new password accepted beside the one in force; finish has only the new one accepted, once all applications use it.',
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
