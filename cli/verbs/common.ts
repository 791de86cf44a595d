import type { Option } from '../table/verb';

/** Options that several verbs have. */
export const environment = {
  text: 'of services.config.ts (default: PLATFORM_ENVIRONMENT, then production)',
  value: '<name>',
  completes: 'environment',
} as const satisfies Option;

export const acknowledge = {
  text: 'let downtime or data risk of these pass the policy; also ACKNOWLEDGE=<name,…>',
  value: '<name,…>',
  many: true,
  completes: 'service',
} as const satisfies Option;

export const refresh = {
  text: 'read everything from the server, also where a record of the last deploy proves that nothing has changed',
} as const satisfies Option;

export const host = {
  text: 'ssh://user@server:22 or unix:///path (default: DOCKER_HOST, refused where a typed --environment has another server; then where the environment is deployed to: VPS_HOST, VPS_USER, VPS_PORT, VPS_SSH_CONFIG of the shell or its .env file, then the address in services.config.ts; without any, /var/run/docker.sock)',
  value: '<host>',
} as const satisfies Option;

export const sshOption = {
  text: 'one argument for ssh, repeatable: --ssh-option=-i --ssh-option=key',
  value: '<arg>',
  many: true,
} as const satisfies Option;

export const stack = {
  text: "of Docker (default: the environment's, in services.config.ts)",
  value: '<name>',
} as const satisfies Option;

/** Where clients come in. */
export const onEntrance = {
  'https-host': {
    text: "where the certificate is served (default: --host's server, then VPS_PUBLIC_HOST, VPS_HOST, then DOCKER_HOST's)",
    value: '<host>',
  },
  'https-port': { text: "default: the environment's, in services.config.ts", value: '<port>' },
  'server-name': { text: 'the name to ask the certificate for (default: as the port)', value: '<name>' },
} as const satisfies Record<string, Option>;

/** Which platform on which server. */
export const onServer = { environment, stack, host, 'ssh-option': sshOption } as const;
