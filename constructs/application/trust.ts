import type { SwarmConfig } from '../swarm';

/** Where a task finds the certificates that it trusts. */
const FILE = '/ca.pem';

/**
 * The variables that name them: OpenSSL's, which Python's ssl, Go, Ruby and httpx read as well; those of requests and curl,
 * which look at their own first; and that of Node.js.
 */
const VARIABLES = ['SSL_CERT_FILE', 'REQUESTS_CA_BUNDLE', 'CURL_CA_BUNDLE', 'NODE_EXTRA_CA_CERTS'];

/** The settings of a task that trusts them, without those that it makes itself. */
export const trustSettings = (ca: SwarmConfig | undefined, own: readonly string[]): string[] =>
  ca ? VARIABLES.filter((name) => !own.includes(name)).map((name) => `${name}=${FILE}`) : [];

export const trustMounts = (ca: SwarmConfig | undefined) => (ca ? [{ config: ca, target: FILE }] : []);
