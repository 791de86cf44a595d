import { defineVerb } from '../table/verb';
import { onServer } from './common';

export const doctorHardening = defineVerb({
  name: 'doctor hardening',
  summary: 'tries what a service still needs to be allowed',
  details:
    "Runs one task of a service beside those that serve, with its settings, secrets and networks, without any of Docker's capabilities and with a root that cannot be written; says what fails and which words of services.config.ts it needs. The task is found by nobody, but what it does is real: a consumer consumes. It is removed again.",
  needs: 'server',
  positionals: [{ name: 'service', text: 'of services.config.ts', completes: 'service' }],
  options: {
    user: { text: "runs it as this user (default: the service's own)", value: '<user>' },
    'cap-add': { text: 'a capability that it keeps', value: '<name>', many: true },
    tmpfs: { text: 'a folder in memory (default: /tmp)', value: '<folder>', many: true },
    writable: { text: 'leaves its root as it is, and tries the rest' },
    ...onServer,
  },
  examples: ['doctor hardening userservice', 'doctor hardening --tmpfs /tmp --tmpfs /app/cache userservice'],
});
