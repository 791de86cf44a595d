import { platform } from '../services.config';
import { environment } from './name-the-stack';

/** For what looks at the platform's certificate: the catalogue's own port and name, unless others are given. */
process.argv.splice(
  2,
  0,
  ...['--https-port', String(environment?.ports?.https ?? 443)],
  ...['--server-name', environment?.serverName ?? platform.serverName],
);
