import { defineVerb } from '../table/verb';
import { environment, host, sshOption } from './common';

export const rollout = defineVerb({
  name: 'rollout',
  summary: 'waits for a rollout to end and reports its outcome',
  details:
    'Waits until Swarm runs what its services say, and tells the truth about it. For changes by hand, such as `docker service update`; a deploy does it by itself.',
  needs: 'server',
  positionals: [
    {
      name: 'stack or service',
      text: "of Docker, or a stack's name for all of its services",
      many: true,
    },
  ],
  options: {
    environment,
    host,
    'ssh-option': sshOption,
    deadline: {
      text: 'give up after, such as 120s or 5m (default: derived from each service)',
      value: '<time>',
    },
    observe: { text: 'watch new tasks for (default: monitor, at least 30s)', value: '<time>' },
    rollback: { text: 'put a service back that crashes while it is watched (default: only tell)' },
    json: { text: 'one JSON object for each service' },
  },
  examples: ['rollout shop', 'rollout --deadline 5m shop_userservice'],
});
