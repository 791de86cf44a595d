import { judgeLine, type Secret } from './secret';

const port = (value: string) =>
  /^[1-9]\d{0,4}$/.test(value) && Number(value) <= 65535
    ? undefined
    : 'is not a port, a number from 1 to 65535';

const host = (value: string) =>
  judgeLine(value) ??
  (/^[A-Za-z0-9]([A-Za-z0-9.:_-]*[A-Za-z0-9])?$/.test(value)
    ? undefined
    : 'is not a host name or an address (no ssh://, no user@, no port)');

const user = (value: string) =>
  judgeLine(value) ?? (/^[a-z_][a-z0-9_.-]*$/i.test(value) ? undefined : 'is not a user name');

/** What the shipped catalogue asks of a value. A shorter one could be guessed from its hash, which is in a name. */
const password = (length: number) => (value: string) =>
  judgeLine(value) ??
  (value.length < length
    ? `has ${value.length} characters, ${length} are needed`
    : /^[\x20-\x7e]+$/.test(value)
      ? undefined
      : 'has a character that is not printable ASCII');

const sseKey = (value: string) =>
  judgeLine(value) ??
  (/^[A-Za-z0-9+/]{43}=$/.test(value) ? undefined : 'is not a key of 32 bytes in base64 (44 characters)');

const pgUrl = (value: string) =>
  judgeLine(value) ?? (/^postgres(ql)?:\/\/./.test(value) ? undefined : 'is not a postgres:// address');

const encryption = (value: string) => (/\bstate\b/.test(value) ? undefined : 'says nothing about the state');

/** Terraform takes no secret with a line break at its end. */
const loginKey = (value: string) =>
  /\r|\n$/.test(value)
    ? 'has a carriage return, or a line break at its end'
    : /^-----BEGIN [A-Z ]*PRIVATE KEY-----\n.*-----END [A-Z ]*PRIVATE KEY-----$/s.test(value)
      ? undefined
      : 'is not a whole private key, from -----BEGIN to -----END';

const pem = (value: string) => (/-----BEGIN [A-Z ]+-----/.test(value) ? undefined : 'is not PEM');

/** In the order of the table in docs/github.md, which a test compares. */
export const SECRETS: readonly Secret[] = [
  {
    name: 'VPS_HOST',
    variable: 'VPS_HOST',
    needed: 'always',
    judge: host,
    what: "the server's address or name",
    get: "copy it from the provider's console",
  },
  {
    name: 'VPS_USER',
    variable: 'VPS_USER',
    needed: 'always',
    judge: user,
    what: 'the ssh user: root, or one in the group docker; where the stack `host` prepares the server, one with passwordless sudo',
    get: 'the user that you log in with, such as deploy',
  },
  {
    name: 'VPS_SSH_KEY',
    variable: 'VPS_SSH_KEY',
    needed: 'always',
    what: 'a private key without a passphrase',
    get: "`ssh-keygen -t ed25519 -N '' -f vps`, then `ssh-copy-id -i vps.pub user@server`; the secret is the file vps: `gh secret set VPS_SSH_KEY --env production < vps`; for `plan` another pair",
  },
  {
    name: 'VPS_PORT',
    variable: 'VPS_PORT',
    needed: 'optional',
    judge: port,
    what: "the ssh server's port, 22 unless set",
    get: 'leave it out for 22',
  },
  {
    name: 'VPS_KNOWN_HOSTS',
    variable: 'VPS_KNOWN_HOSTS',
    needed: 'always',
    what: "the server's host keys, lines as in known_hosts",
    get: 'on a machine that connects to it already: `ssh-keygen -F HOST` (`ssh-keygen -F "[HOST]:PORT"` where the port is not 22); compare with `for key in /etc/ssh/ssh_host_*.pub; do ssh-keygen -lf $key; done` in the provider\'s console',
  },
  {
    name: 'DB_PASSWORD',
    variable: 'TF_VAR_db_password',
    needed: 'always',
    judge: password(16),
    what: "password of MariaDB's account, 16 characters at least",
    get: '`openssl rand -hex 16`',
  },
  {
    name: 'JWT_SECRET_KEY',
    variable: 'TF_VAR_jwt_secret_key',
    needed: 'always',
    judge: password(32),
    what: 'key that signs sessions, 32 characters at least',
    get: '`openssl rand -hex 32`',
  },
  {
    name: 'SMTP_HOST',
    variable: 'TF_VAR_smtp_host',
    needed: 'always',
    judge: host,
    what: 'mail server',
    get: "copy it from the mail provider's page",
  },
  {
    name: 'SMTP_PORT',
    variable: 'TF_VAR_smtp_port',
    needed: 'always',
    judge: port,
    what: "the mail server's port",
    get: 'mostly 587',
  },
  {
    name: 'SMTP_USERNAME',
    variable: 'TF_VAR_smtp_username',
    needed: 'optional',
    what: 'login of the mail server',
    get: 'leave it out where the mail server wants no login',
  },
  {
    name: 'SMTP_PASSWORD',
    variable: 'TF_VAR_smtp_password',
    needed: 'optional',
    judge: password(12),
    what: 'its password, 12 characters at least',
    get: 'leave it out where the mail server wants no login',
  },
  {
    name: 'SMTP_FROM_EMAIL',
    variable: 'TF_VAR_smtp_from_email',
    needed: 'optional',
    what: "sender of the platform's mails",
    get: 'an address that the mail server lets you send from',
  },
  {
    name: 'REGISTRY_USERNAME',
    variable: 'TF_VAR_registry_username',
    needed: 'pair:REGISTRY_PASSWORD',
    what: 'login of ghcr.io, for private images',
    get: 'a GitHub user that may read the packages',
  },
  {
    name: 'REGISTRY_PASSWORD',
    variable: 'TF_VAR_registry_password',
    needed: 'pair:REGISTRY_USERNAME',
    what: 'its token, with read:packages alone',
    get: 'a personal access token (classic) with the scope read:packages. It stays on the server, so the run’s own token does not do',
  },
  {
    name: 'TLS_CERTIFICATE',
    variable: 'TF_VAR_tls_certificate',
    needed: 'pair:TLS_PRIVATE_KEY',
    judge: pem,
    what: "your own certificate with its chain, PEM, where the catalogue's tls is `provided` without files",
    get: 'fullchain.pem of your certificate authority',
  },
  {
    name: 'TLS_PRIVATE_KEY',
    variable: 'TF_VAR_tls_private_key',
    needed: 'pair:TLS_CERTIFICATE',
    judge: pem,
    what: 'its key, PEM',
    get: 'privkey.pem of the same pair',
  },
  {
    name: 'BACKUP_REPOSITORY_PASSWORD',
    variable: 'TF_VAR_backup_repository_password',
    needed: 'optional',
    judge: password(16),
    what: 'what backups are encrypted with, 16 characters at least, where the environment says `backupTo`; lost, they are lost',
    get: '`openssl rand -hex 16`, and keep a copy outside of GitHub and of the server',
  },
  {
    name: 'BACKUP_ACCESS_KEY_ID',
    variable: 'TF_VAR_backup_access_key_id',
    needed: 'pair:BACKUP_SECRET_ACCESS_KEY',
    what: 'backups in an S3-compatible bucket: its access key',
    get: "one of its own, that may use the backups' bucket alone",
  },
  {
    name: 'BACKUP_SECRET_ACCESS_KEY',
    variable: 'TF_VAR_backup_secret_access_key',
    needed: 'pair:BACKUP_ACCESS_KEY_ID',
    what: 'its secret',
    get: 'shown once, with the access key',
  },
  {
    name: 'BACKUP_SFTP_KEY',
    variable: 'TF_VAR_backup_sftp_key',
    needed: 'optional',
    judge: loginKey,
    what: 'backups on a server with SFTP: the private key of the login, without a passphrase',
    get: "`ssh-keygen -t ed25519 -N '' -f backup`, and backup.pub into the server's authorized_keys; the secret is the file backup",
  },
  {
    name: 'AWS_ACCESS_KEY_ID',
    variable: 'AWS_ACCESS_KEY_ID',
    needed: 's3',
    what: 'state in an S3-compatible bucket: its access key',
    get: 'docs/state.md has a recipe for each provider',
  },
  {
    name: 'AWS_SECRET_ACCESS_KEY',
    variable: 'AWS_SECRET_ACCESS_KEY',
    needed: 's3',
    what: 'its secret',
    get: 'shown once, with the access key',
  },
  {
    name: 'AWS_SSE_CUSTOMER_KEY',
    variable: 'AWS_SSE_CUSTOMER_KEY',
    needed: 's3',
    judge: sseKey,
    what: 'the key that the state is encrypted with; lost, the state is lost',
    get: '`openssl rand -base64 32`, and keep a copy outside of GitHub',
  },
  {
    name: 'PG_CONN_STR',
    variable: 'PG_CONN_STR',
    needed: 'pg',
    judge: pgUrl,
    what: 'state in PostgreSQL: its address with user, password and `sslmode=verify-full`',
    get: '`postgres://user:password@host/database?sslmode=verify-full`',
  },
  {
    name: 'TF_ENCRYPTION',
    variable: 'TF_ENCRYPTION',
    needed: 'optional',
    judge: encryption,
    what: 'how OpenTofu encrypts state and plan; lost, the state is lost',
    get: 'docs/state.md, "OpenTofu, and an encrypted state"; with it goes the variable `TERRAFORM_BINARY_NAME`, `tofu`',
  },
];
