import { gaps, groupsOf } from './options.mjs';

/** Heading, what options are written under, file and type. */
const SECTIONS = [
  ['The platform', '', 'constructs/catalogue/spec/platform.ts', 'PlatformSpec'],
  ['Every service', '<service>.', 'constructs/catalogue/spec/service.ts', 'ServiceSpec'],
  ['Applications', 'services.<name>.', 'constructs/catalogue/spec/application.ts', 'ApplicationSpec'],
  ['A migration', 'services.<name>.migrate.', 'constructs/catalogue/spec/application.ts', 'MigrateSpec'],
  ['Jobs', 'jobs.<name>.', 'constructs/catalogue/spec/job.ts', 'JobSpec'],
  ['Every backend', 'backends.<name>.', 'constructs/catalogue/spec/backend.ts', 'StatefulSpec'],
  ['MariaDB', 'mariadb.', 'constructs/backends/mariadb/spec.ts', 'MariadbSpec'],
  [
    'A database of MariaDB',
    'mariadb.databases.<name>.',
    'constructs/backends/mariadb/spec.ts',
    'DatabaseSpec',
  ],
  ['Kafka', 'kafka.', 'constructs/backends/kafka/kafka.ts', 'KafkaSpec'],
  ['nginx', 'nginx.', 'constructs/catalogue/spec/ingress.ts', 'IngressSpec'],
  ['Routes', 'nginx.routes[].', 'constructs/catalogue/spec/route.ts', 'RouteSpec'],
  ['Certificates', 'tls.', 'constructs/ingress/tls/tls.ts', 'TlsSpec'],
  ["Let's Encrypt", 'tls.', 'constructs/ingress/tls/acme.ts', 'AcmeSpec'],
  ['Backups', 'backup.', 'constructs/catalogue/spec/backup.ts', 'BackupSpec'],
  ['How many backups stay', 'backup.keep.', 'constructs/catalogue/spec/backup.ts', 'KeepSpec'],
  [
    'Where backups go',
    'environments.<name>.backupTo.',
    'constructs/catalogue/spec/backup.ts',
    'BackupTarget',
  ],
  ['Secrets', 'secrets.<name>.', 'constructs/catalogue/spec/secret.ts', 'SecretSpec'],
  ['Variables', 'variables.<name>.', 'constructs/catalogue/spec/variable.ts', 'VariableSpec'],
  ['Requests during a deploy', 'probe.', 'constructs/catalogue/spec/probe.ts', 'ProbeSpec'],
  ['Environments', 'environments.<name>.', 'constructs/catalogue/spec/environment.ts', 'EnvironmentSpec'],
  [
    'A service in an environment',
    'environments.<name>.services.<name>.',
    'constructs/catalogue/spec/service.ts',
    'ServiceOverride',
  ],
  [
    'An application in an environment',
    'environments.<name>.services.<name>.',
    'constructs/catalogue/spec/service.ts',
    'ApplicationOverride',
  ],
  ["The server's size", 'environments.<name>.node.', 'constructs/catalogue/spec/node.ts', 'NodeSpec'],
  ['Networks', 'environments.<name>.networks.', 'constructs/catalogue/spec/networks.ts', 'NetworksSpec'],
  ['State', 'environments.<name>.state.', 'constructs/swarm/state.ts', 'StateSpec'],
  ['The server itself', 'environments.<name>.host.', 'constructs/host/host-spec.ts', 'HostSpec'],
  ['Health checks', 'Healthcheck.', 'constructs/swarm/healthcheck.ts', 'HealthcheckOptions'],
  ['Update policies', 'UpdatePolicy.', 'constructs/swarm/update-policy.ts', 'UpdatePolicyOptions'],
];

const INTRODUCTION = `# The catalogue

Every option of \`services.config.ts\`, with its type, its default, an example, and what a change of it does to running tasks:

- **rolls**: tasks are replaced under the service's update policy. Applications, and nginx behind the edge, start first: no
  downtime.
- **restarts**: the only task stops before the next one starts; clients wait for that long.
- **restarts nothing**: no task is touched.

\`./proctor plan\` says the same of a real change, with seconds ([plan](plan.md)). Quantities are \`Cpu.cores(0.5)\`,
\`Memory.mebibytes(512)\`, \`Duration.seconds(30)\`. Rules that hold across options are in [rules](rules.md).
`;

/** `docs/catalogue.md`. @throws for an option that says too little */
export function cataloguePage(source) {
  const missing = [];
  const sections = SECTIONS.map(([title, path, file, type]) => {
    const groups = groupsOf(source(file), type);
    for (const option of groups.flatMap(({ options }) => options)) {
      missing.push(...gaps(`${file}: ${type}.`, option));
    }
    const intro = groups[0].description ? `${groups[0].description}\n\n` : '';
    return `## ${title}\n\n${intro}${groups.map((group) => options(path, group)).join('\n')}`;
  });
  if (missing.length > 0) throw new Error(`${missing.join('\n')}\n  write it into the doc comment`);
  const contents = SECTIONS.map(([title]) => `[${title}](#${anchor(title)})`).join(' · ');
  return `${INTRODUCTION}\n${contents}\n\n${sections.join('\n')}`;
}

/** The objects of a union are told apart by their first key: `tls.mode: 'provided'`. */
function options(path, group) {
  const [first] = group.options;
  const value = /^'[\w-]+'$/.test(first.type) ? first.type : undefined;
  return group.options
    .map((option) => {
      const name = option === first && value ? `${option.name}: ${value}` : option.name;
      const of = option !== first && value ? ` (${value.slice(1, -1)})` : '';
      return `### \`${path}${name}\`${of}\n\n${option.description}\n\n${facts(option)}`;
    })
    .join('\n');
}

const facts = ({ type, required, default: value, example, change }) => `- Type: \`${type}\`
- Default: ${required ? 'none, required' : value}
- Example: \`${example}\`
- Change: ${change}
`;

const anchor = (title) =>
  title
    .toLowerCase()
    .replace(/[^\w\s-]/g, '')
    .replaceAll(' ', '-');
