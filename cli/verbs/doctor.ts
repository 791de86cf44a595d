import { defineVerb } from '../table/verb';
import { onEntrance, onServer } from './common';

export const doctorSecurity = defineVerb({
  name: 'doctor security',
  summary: 'asks a running server for what CIS and others recommend',
  details:
    'Asks the engine, the kernel of each container on the node, and the entrance for what docs/security.md lists, and says for each row: ok, not, or that it cannot be asked from here. It changes nothing; in containers it runs a shell that reads /proc.',
  needs: 'server',
  positionals: [],
  options: {
    ...onServer,
    ...onEntrance,
    'http-port': { text: "default: the environment's, in services.config.ts", value: '<port>' },
    accept: {
      text: 'a row, or a row of one service, that is known and does not count',
      value: '<row[:service],…>',
      many: true,
    },
    json: { text: 'one JSON object on standard output' },
  },
  examples: ['doctor security', 'doctor security --accept autolock,read-only-root:nginx --json'],
});

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
