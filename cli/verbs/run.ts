import { defineVerb } from '../table/verb';
import { onServer } from './common';

export const run = defineVerb({
  name: 'run',
  summary: 'runs a job now, or a command with all that a service has',
  details:
    "Runs a job of services.config.ts now, with its own command, time-out and retries; or, of any service, one task beside those that serve, with the image, settings, secrets and networks of a service as it runs now, and with another command. Its output comes here, without what is secret in it; signals go to it, and its exit status is this program's. It gets no terminal and no input. Whatever its end, nothing of it stays on the server; what an earlier run left there is removed. It is given as many CPUs and as much memory as the service's tasks at most, and reserves none. Volumes of a service that stops before it starts are left out.",
  needs: 'server',
  positionals: [
    { name: 'service', text: 'of services.config.ts, or a job', completes: 'service' },
    { name: 'command', text: 'behind --, with its arguments; a job has its own', many: true, optional: true },
  ],
  options: {
    timeout: {
      text: 'stop it after, such as 90s, 5m or 2h (default: 1h, or as long as the job may take)',
      value: '<time>',
    },
    ...onServer,
  },
  examples: [
    'run tidy-up',
    'run userservice -- python -m app.reindex',
    'run --timeout 5m userservice -- env',
  ],
});
