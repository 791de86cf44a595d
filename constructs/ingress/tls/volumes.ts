import type { Mount } from '../../swarm';

/** certbot's folder: account, keys and certificates. It writes, nginx reads. */
export const LETSENCRYPT = {
  type: 'volume',
  name: 'letsencrypt',
  target: '/etc/letsencrypt',
} as const satisfies Mount;

/** Where certbot lays the answer to a challenge, and nginx serves it. */
export const WEBROOT = {
  type: 'volume',
  name: 'acme_webroot',
  target: '/var/www/acme',
} as const satisfies Mount;
