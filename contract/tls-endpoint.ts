/** Where clients get the certificate. */
export interface TlsEndpoint {
  readonly host: string;
  readonly port: number;
  readonly serverName: string;
  /** Let's Encrypt is to give one: a self-signed one is the fallback then. @default false */
  readonly acme?: boolean | undefined;
}
