import { type Finding, failure, ok, warning } from '../terminal/finding';
import type { EngineInfo } from './context';

/** Certificates and logs become confusing. */
const WARN_SECONDS = 5;
/** Registry tokens and certificates are refused. */
const FAIL_SECONDS = 300;
const FIX =
  'start a time service there, for example `sudo timedatectl set-ntp true`, and compare with `date -u` here';

export function judgeClock({ skew }: EngineInfo): Finding[] {
  const seconds = Math.abs(skew) / 1000;
  const text = `the server's clock is ${seconds.toFixed(1)} s ${skew < 0 ? 'behind' : 'ahead of'} this machine's`;
  if (seconds > FAIL_SECONDS) return [failure('clock', text, FIX)];
  if (seconds > WARN_SECONDS) return [warning('clock', text, FIX)];
  return [ok('clock', `within ${Math.max(1, Math.ceil(seconds))} s of this machine's`)];
}
