const DAY = 86_400_000;
const HOUR = 3_600_000;

/** Let's Encrypt's certificates of 90 days are renewed 30 days before the end; what has not worked nine days later needs a person. */
export const WARN_DAYS = 21;

/**
 * Shorter-lived ones are renewed with a third of their time left, below ten days with a half (certbot 4.0's rule): with less
 * than a quarter left, that has not worked.
 */
const WARN_SHARE = 1 / 4;

export interface Expiry {
  /** Whole days; negative when it has ended. */
  readonly daysLeft: number;
  /** Somebody should look. */
  readonly warn: boolean;
  /** `expired on 2026-11-20`, `ends in 9 days`, `ends in 30 hours`. */
  readonly text: string;
}

/** How long a certificate is still good for; `validFrom` and `validTo` as ISO 8601, or in OpenSSL's words. */
export function expiryOf(
  { validFrom, validTo }: { readonly validFrom?: string | null; readonly validTo: string },
  now: Date,
): Expiry {
  const end = Date.parse(validTo);
  const left = end - now.getTime();
  const daysLeft = Math.floor(left / DAY);
  const share = validFrom ? (end - Date.parse(validFrom)) * WARN_SHARE : Number.POSITIVE_INFINITY;
  const warn = left < Math.min(WARN_DAYS * DAY, share);
  if (left < 0) return { daysLeft, warn, text: `expired on ${new Date(end).toISOString().slice(0, 10)}` };
  return {
    daysLeft,
    warn,
    text: daysLeft < 3 ? `ends in ${Math.floor(left / HOUR)} hours` : `ends in ${daysLeft} days`,
  };
}
