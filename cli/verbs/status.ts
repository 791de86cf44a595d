import { defineVerb } from '../table/verb';
import { onServer } from './common';

export const status = defineVerb({
  name: 'status',
  summary: 'the platform at a glance: services, certificate, nodes, disk',
  details: 'The platform at a glance: services, certificate, nodes, disk.',
  needs: 'server',
  positionals: [],
  options: {
    ...onServer,
    'https-host': {
      text: "where the certificate is served (default: --host's server, then VPS_PUBLIC_HOST, VPS_HOST, then DOCKER_HOST's)",
      value: '<host>',
    },
    'https-port': { text: "default: the environment's, in services.config.ts", value: '<port>' },
    'server-name': { text: 'the name to ask the certificate for (default: as the port)', value: '<name>' },
    watch: { text: 'look again every 2 s, until Ctrl-C' },
    json: { text: 'one JSON object for each look' },
  },
  examples: ['status', 'status --watch', 'status --environment staging --json'],
});
