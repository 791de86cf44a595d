/** The input of the check of a provided pair: JSON in the variable `CERTIFICATE_CHECK`. */
export interface CertificateCheck {
  /** What the certificate must cover. */
  readonly serverName: string;
}
